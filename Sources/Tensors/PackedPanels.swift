import CKernels

/// The right side of a product, cut into panels that the micro-tile reads from end to end.
struct PackedPanels: Sendable {
    /// The inner dimension.
    let depth: Int
    let columns: Int
    private let panels: Matrix

    private static var width: Int { unsafe kernels.panelWidth }
    var count: Int { panels.rows }

    /// Packs `b` [depth, columns], or with `isTransposed` a `b` given as [columns, depth].
    init(_ b: Matrix, isTransposed: Bool, pool: ThreadPool = .shared) {
        depth = isTransposed ? b.columns : b.rows
        columns = isTransposed ? b.rows : b.columns
        let (depth, columns, width) = unsafe (depth, columns, kernels.panelWidth)
        var packed = Matrix(uninitializedRows: (columns + width - 1) / width, columns: depth * width)
        let count = packed.rows
        let target = unsafe Address(packed.mutablePointer)
        let source = Address(b)
        pool.parallel(count) { panel in
            let first = panel * width
            let pack = unsafe isTransposed ? kernels.packTransposed : kernels.pack
            unsafe pack!(
                source.read, b.columns, depth, first, columns - first, target.write + panel * depth * width)
        }
        panels = packed
    }

    /// What is done to a product's elements, and where they go.
    struct Target {
        var bias: Matrix?
        var residual: Matrix?
        var epilogue = HONE_EPILOGUE_NONE
        var accumulates = false
    }

    /// Multiplies rows of `a` with all panels: `c` [rows, columns] += or = a·b.
    ///
    /// - Parameter aStrides: from row to row and from inner index to inner index of `a`.
    func multiply(
        _ a: Address, rows: Int, aStrides: (row: Int, depth: Int), into c: Address, _ target: Target,
        pool: ThreadPool
    ) {
        let width = unsafe kernels.panelWidth
        let blocks = (rows + rowBlock - 1) / rowBlock
        let bias = target.bias.map { Address($0) }
        let residual = target.residual.map { Address($0) }
        let (epilogue, accumulates) = (target.epilogue, target.accumulates)
        let source = Address(panels)
        // Row block by row block, so that neighbours in time share the block of A.
        pool.parallel(blocks * count) { piece in
            let (block, panel) = piece.quotientAndRemainder(dividingBy: count)
            let (row, column) = (block * rowBlock, panel * width)
            var product = unsafe HoneProduct()
            unsafe product.rows = min(rowBlock, rows - row)
            unsafe product.depth = depth
            unsafe product.a = a.read + row * aStrides.row
            unsafe product.aRow = aStrides.row
            unsafe product.aDepth = aStrides.depth
            unsafe product.panel = source.read + panel * depth * width
            unsafe product.c = c.write + row * columns + column
            unsafe product.ldc = columns
            unsafe product.columns = min(width, columns - column)
            unsafe product.bias = bias.map { unsafe $0.read + column }
            unsafe product.residual = residual.map { unsafe $0.read + row * columns + column }
            unsafe product.ldr = columns
            unsafe product.accumulate = accumulates
            unsafe product.epilogue = epilogue
            unsafe kernels.product!(&product)
        }
        withExtendedLifetime((panels, target.bias, target.residual)) {}
    }
}

/// An address that pieces of work on several threads may use.
///
/// `@unchecked Sendable`: whoever makes one keeps the matrix alive until `parallel` has returned, and
/// hands disjoint parts of what is written to the pieces.
@safe struct Address: @unchecked Sendable {
    let write: UnsafeMutablePointer<Float>
    var read: UnsafePointer<Float> { unsafe UnsafePointer(write) }

    init(_ pointer: UnsafeMutablePointer<Float>) { unsafe write = pointer }
    init(_ pointer: UnsafePointer<Float>) { unsafe write = UnsafeMutablePointer(mutating: pointer) }
    /// For reading only.
    init(_ matrix: Matrix) { unsafe self.init(matrix.pointer) }
}
