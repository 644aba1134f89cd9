import Glibc

/// Memory of a matrix: aligned to a cache line, taken from and given back to a pool of used pieces.
///
/// `@unchecked Sendable`: the memory is written only through `Matrix`, which asks whether it holds
/// the only reference first, and never after it was shared.
@safe final class MatrixStorage: @unchecked Sendable {
    let floats: UnsafeMutablePointer<Float>
    private let piece: StoragePool.Piece

    /// - Parameter count: how many floats are needed; their values are whatever was there.
    init(count: Int) {
        // Whole cache lines: pieces do not share one.
        piece = StoragePool.shared.take((max(count, 1) + 15) / 16 * 16)
        unsafe floats = UnsafeMutableRawPointer(bitPattern: piece.address)!
            .bindMemory(to: Float.self, capacity: piece.capacity)
    }

    deinit {
        StoragePool.shared.give(piece)
    }
}
