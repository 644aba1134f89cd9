import Glibc

/// Memory of a matrix: aligned to a cache line, taken from and given back to a pool of used pieces; or
/// memory of somebody else's, which is only read.
///
/// `@unchecked Sendable`: the memory is written only through `Matrix`, which asks whether it holds
/// the only reference to memory of its own first, and never after it was shared.
@safe final class MatrixStorage: @unchecked Sendable {
    let floats: UnsafeMutablePointer<Float>
    private let origin: Origin

    private enum Origin {
        case pool(StoragePool.Piece)
        case foreign(any AnyObject & Sendable)
    }

    /// - Parameter count: how many floats are needed; their values are whatever was there.
    init(count: Int) {
        // Whole cache lines: pieces do not share one.
        let piece = StoragePool.shared.take((max(count, 1) + 15) / 16 * 16)
        origin = .pool(piece)
        unsafe floats = UnsafeMutableRawPointer(bitPattern: piece.address)!
            .bindMemory(to: Float.self, capacity: piece.capacity)
    }

    /// - Parameter owner: keeps the memory where it is as long as it lives.
    init(reading floats: UnsafePointer<Float>, of owner: any AnyObject & Sendable) {
        unsafe self.floats = UnsafeMutablePointer(mutating: floats)
        origin = .foreign(owner)
    }

    /// Whether it may be written, by whoever holds the only reference.
    var isOwn: Bool {
        if case .pool = origin { true } else { false }
    }

    deinit {
        if case .pool(let piece) = origin { StoragePool.shared.give(piece) }
    }
}
