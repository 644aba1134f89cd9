import Glibc
import Synchronization

/// Memory of a matrix: aligned to a cache line, taken from and given back to a pool of used pieces.
///
/// Training allocates the same sizes at every step. The system would hand out fresh pages for each
/// of them and zero them; the pool hands out what was given back a moment ago, warm.
///
/// `@unchecked Sendable`: the memory is written only through `Matrix`, which asks whether it holds
/// the only reference first, and never after it was shared.
@safe final class MatrixStorage: @unchecked Sendable {
    let floats: UnsafeMutablePointer<Float>
    let capacity: Int

    /// - Parameter count: how many floats are needed; their values are whatever was there.
    init(count: Int) {
        capacity = Self.roundedUp(max(count, 1))
        unsafe floats = StoragePool.shared.take(capacity)
    }

    deinit {
        unsafe StoragePool.shared.give(floats, capacity)
    }

    /// Size classes an eighth apart: at most an eighth is wasted, and pieces fit again and again.
    private static func roundedUp(_ count: Int) -> Int {
        guard count > 64 else { return 64 }
        let step = 1 << max(4, Int.bitWidth - count.leadingZeroBitCount - 4)
        return (count + step - 1) / step * step
    }
}

/// Pieces of memory that were given back, by size.
private final class StoragePool: Sendable {
    static let shared = StoragePool()

    /// Beyond this the system gets memory back at once.
    private static let limitInFloats = 256 << 20

    private struct Free {
        var bySize: [Int: [UInt]] = [:]
        var total = 0
    }

    private let free = Mutex(Free())

    func take(_ capacity: Int) -> UnsafeMutablePointer<Float> {
        let known: UInt? = free.withLock { free in
            guard let address = free.bySize[capacity]?.popLast() else { return nil }
            free.total -= capacity
            return address
        }
        if let known, let pointer = unsafe UnsafeMutablePointer<Float>(bitPattern: known) {
            return unsafe pointer
        }
        var raw: UnsafeMutableRawPointer?
        let status = unsafe posix_memalign(&raw, 64, capacity * MemoryLayout<Float>.stride)
        guard status == 0, let raw = unsafe raw else {
            fatalError(
                "out of memory: \(capacity * MemoryLayout<Float>.stride) bytes for a matrix were refused")
        }
        return unsafe raw.bindMemory(to: Float.self, capacity: capacity)
    }

    func give(_ floats: UnsafeMutablePointer<Float>, _ capacity: Int) {
        let address = UInt(bitPattern: floats)
        let isKept = free.withLock { free in
            guard free.total + capacity <= Self.limitInFloats else { return false }
            free.bySize[capacity, default: []].append(address)
            free.total += capacity
            return true
        }
        if !isKept { unsafe Glibc.free(floats) }
    }
}
