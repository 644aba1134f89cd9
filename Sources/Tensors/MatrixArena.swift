import Glibc

/// One region of memory on large pages, in which many matrices lie that are read over and over.
///
/// A model's weights are tens of megabytes that pass through the caches for every batch. On pages of
/// 4 KiB each of thousands of them must be looked up again on the way; on pages of 2 MiB a few.
///
/// `@unchecked Sendable`: written by `copies` alone, before anyone else knows of it, and never again:
/// `Matrix` copies what lies in foreign memory before it writes.
@safe package final class MatrixArena: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    private let bytes: Int

    private static let page = 2 << 20

    private init(bytes needed: Int) {
        bytes = (max(needed, 1) + Self.page - 1) / Self.page * Self.page
        let map = unsafe mmap(
            nil, bytes + Self.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let map = unsafe map, unsafe map != MAP_FAILED else {
            fatalError("out of memory: \(bytes) bytes for a model were refused")
        }
        // A large page begins at a multiple of its size: the rest of the mapping goes back.
        let skipped = (Self.page - Int(bitPattern: map) % Self.page) % Self.page
        unsafe base = map + skipped
        if skipped > 0 { unsafe munmap(map, skipped) }
        if skipped < Self.page { unsafe munmap(map + skipped + bytes, Self.page - skipped) }
        unsafe madvise(base, bytes, MADV_HUGEPAGE)
    }

    deinit { unsafe munmap(base, bytes) }

    /// The same matrices, side by side in a region of their own, which lives as long as one of them.
    package static func copies(of matrices: [Matrix]) -> [Matrix] {
        let cacheLine = 64 / MemoryLayout<Float>.stride
        let places = matrices.map { ($0.count + cacheLine - 1) / cacheLine * cacheLine }
        let arena = MatrixArena(bytes: places.reduce(0, +) * MemoryLayout<Float>.stride)
        var next = unsafe arena.base.assumingMemoryBound(to: Float.self)
        return zip(matrices, places).map { matrix, place in
            unsafe next.update(from: matrix.pointer, count: matrix.count)
            defer { unsafe next += place }
            return unsafe Matrix(rows: matrix.rows, columns: matrix.columns, at: next, of: arena)
        }
    }
}
