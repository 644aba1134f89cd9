import Glibc
import Synchronization

/// Pieces of memory that were given back and wait to be taken again, the smallest first.
///
/// Batches differ in length, so the sizes asked for are never quite those given back: a piece is taken
/// if it is at most half as large again. The system would hand out fresh pages each time and zero them.
final class StoragePool: Sendable {
    static let shared = StoragePool()

    /// Beyond this the system gets memory back at once.
    private static let limitInFloats = 128 << 20

    struct Piece {
        var capacity: Int
        var address: UInt
    }

    private struct Free {
        var pieces: [Piece] = []
        var total = 0

        /// Where the first piece of at least `capacity` is.
        func place(_ capacity: Int) -> Int {
            var (low, high) = (0, pieces.count)
            while low < high {
                let middle = (low + high) / 2
                if pieces[middle].capacity < capacity { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private let free = Mutex(Free())

    /// A piece of at least `capacity` floats, whose values are whatever was there.
    func take(_ capacity: Int) -> Piece {
        let known: Piece? = free.withLock { free in
            let place = free.place(capacity)
            guard place < free.pieces.count, free.pieces[place].capacity <= capacity + capacity / 2 else {
                return nil
            }
            free.total -= free.pieces[place].capacity
            return free.pieces.remove(at: place)
        }
        if let known { return known }
        return Piece.allocated(capacity)
    }

    func give(_ piece: Piece) {
        let isKept = free.withLock { free in
            guard free.total + piece.capacity <= Self.limitInFloats else { return false }
            free.pieces.insert(piece, at: free.place(piece.capacity))
            free.total += piece.capacity
            return true
        }
        if !isKept { piece.free() }
    }

    /// Gives all unused memory back to the system.
    func drain() {
        let pieces = free.withLock { free in
            defer { free = Free() }
            return free.pieces
        }
        for piece in pieces { piece.free() }
    }
}

extension StoragePool.Piece {
    /// From this many floats on a piece is a mapping of its own, which goes back to the system in whole
    /// when it is freed. (`malloc` keeps what it once held.)
    private static let mappedFloats = 1 << 16

    private var bytes: Int { capacity * MemoryLayout<Float>.stride }

    /// A new piece of `capacity` floats, on a cache line.
    fileprivate static func allocated(_ capacity: Int) -> StoragePool.Piece {
        var piece = StoragePool.Piece(capacity: capacity, address: 0)
        if capacity >= mappedFloats {
            let map = unsafe mmap(
                nil, piece.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let map = unsafe map, unsafe map != MAP_FAILED else { outOfMemory(piece.bytes) }
            // Large pages spare page faults and address look-ups; where there are none, nothing is lost.
            if piece.bytes >= 8 << 20 { unsafe madvise(map, piece.bytes, MADV_HUGEPAGE) }
            piece.address = UInt(bitPattern: map)
        } else {
            var raw: UnsafeMutableRawPointer?
            guard unsafe posix_memalign(&raw, 64, piece.bytes) == 0, let raw = unsafe raw else {
                outOfMemory(piece.bytes)
            }
            piece.address = UInt(bitPattern: raw)
        }
        return piece
    }

    fileprivate func free() {
        let raw = unsafe UnsafeMutableRawPointer(bitPattern: address)
        if capacity >= Self.mappedFloats { unsafe munmap(raw, bytes) } else { unsafe Glibc.free(raw) }
    }

    private static func outOfMemory(_ bytes: Int) -> Never {
        fatalError("out of memory: \(bytes) bytes for a matrix were refused")
    }
}

/// Gives memory that matrices have left behind back to the system: after a model was loaded, whose
/// weights are as large as all work that follows.
public func releaseUnusedMemory() {
    StoragePool.shared.drain()
}
