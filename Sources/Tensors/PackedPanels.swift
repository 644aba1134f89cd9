import CKernels

/// The right side of a product, cut into panels that the micro-tile reads from end to end.
struct PackedPanels: Sendable {
    let precision: Precision
    /// The inner dimension, in words.
    let depth: Int
    let columns: Int
    private var panels: Matrix
    /// For `int8`, of each column: its scale, and the sum of its bytes as an integer's bits.
    private var scales: Matrix?
    private var sums: Matrix?

    var count: Int { panels.rows }

    /// The shape of a weight [out, in] that is packed already; `visit` brings its numbers.
    init(inputs: Int, outputs: Int, _ precision: Precision) {
        self.precision = precision
        depth = precision.words(inputs)
        columns = outputs
        panels = Matrix(rows: 0, columns: 0)
        if precision == .int8 { (scales, sums) = (panels, panels) }
    }

    /// Shows every matrix, with a name and the shape that it must have.
    mutating func visit(_ name: String, _ body: MatrixVisitor) rethrows {
        let width = unsafe kernels.panelWidth
        let count = (columns + width - 1) / width
        try body(name + ".panels", (count, depth * width), &panels)
        if scales != nil { try body(name + ".scales", (1, count * width), &scales!) }
        if sums != nil { try body(name + ".sums", (1, count * width), &sums!) }
    }

    /// Packs `b` [depth, columns], or with `isTransposed` a `b` given as [columns, depth]; of words.
    init(_ b: Matrix, isTransposed: Bool, _ precision: Precision = .f32, pool: ThreadPool = .shared) {
        self.precision = precision
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
        withExtendedLifetime(b) {}
    }

    /// Packs a weight [out, in] for x·wᵀ.
    init(weight w: Matrix, _ precision: Precision, pool: ThreadPool = .shared) {
        guard precision == .int8 else {
            self.init(Activations(w, precision, pool: pool).words, isTransposed: true, precision, pool: pool)
            return
        }
        let words = precision.words(w.columns)
        let padded = unsafe (w.rows + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
        var bytes = Matrix(uninitializedRows: w.rows, columns: words)
        var (scales, sums) = (Matrix(rows: 1, columns: padded), Matrix(rows: 1, columns: padded))
        unsafe kernels.quantizeWeights!(
            w.pointer, w.rows, w.columns,
            UnsafeMutableRawPointer(bytes.mutablePointer).assumingMemoryBound(to: Int8.self), 4 * words,
            scales.mutablePointer,
            UnsafeMutableRawPointer(sums.mutablePointer).assumingMemoryBound(to: Int32.self))
        self.init(bytes, isTransposed: true, precision, pool: pool)
        (self.scales, self.sums) = (scales, sums)
    }

    /// Where a product's elements go, and what is done to them before.
    ///
    /// Whoever makes one keeps the memory of C alive until `multiply` has returned.
    @safe struct Target {
        var c: UnsafeMutableRawPointer
        /// Elements from row to row.
        var ldc: Int
        var isHalf = false
        var bias: Matrix?
        var residual: Matrix?
        /// For `HONE_EPILOGUE_GELU_BACKWARD`: what the GELU was of.
        var input: Activations?
        var epilogue = HONE_EPILOGUE_NONE
        var accumulates = false

        init(_ c: UnsafeMutablePointer<Float>, ldc: Int) {
            unsafe self.c = UnsafeMutableRawPointer(c)
            self.ldc = ldc
        }
    }

    /// The left side: words, and the strides from row to row and from step to step.
    ///
    /// `@unchecked Sendable`: it is only read, and whoever makes one keeps the words alive until
    /// `multiply` has returned.
    @safe struct Left: @unchecked Sendable {
        var words: UnsafePointer<Float>
        var rowStride: Int
        var stepStride: Int
        var scales: UnsafePointer<Float>?
        var zeros: UnsafePointer<Float>?
    }

    /// Multiplies rows of `a` with all panels: c [rows, columns] += or = a·b.
    func multiply(_ a: Left, rows: Range<Int>, into target: Target, pool: ThreadPool) {
        let width = unsafe kernels.panelWidth
        let blocks = (rows.count + rowBlock - 1) / rowBlock
        var product = unsafe HoneProduct()
        unsafe product.format = precision.format
        unsafe product.depth = depth
        unsafe product.aRow = a.rowStride
        unsafe product.aDepth = a.stepStride
        unsafe product.ldc = target.ldc
        unsafe product.isHalf = target.isHalf
        unsafe product.bias = target.bias?.pointer
        unsafe product.residual = target.residual?.pointer
        unsafe product.ldr = columns
        unsafe product.accumulate = target.accumulates
        unsafe product.epilogue = target.epilogue
        if let input = target.input {
            unsafe product.input = UnsafeRawPointer(input.words.pointer)
            unsafe product.isInputHalf = input.precision == .bf16
            unsafe product.ldi = input.words.columns * input.precision.elementsPerWord
        }
        let order = unsafe Order(
            product: product, c: target.c, a: a, panels: panels.pointer, scales: scales?.pointer,
            sums: sums?.pointer)
        // Row block by row block, so that neighbours in time share the block of A.
        pool.parallel(blocks * count) { piece in
            let (block, panel) = piece.quotientAndRemainder(dividingBy: count)
            let row = rows.lowerBound + block * rowBlock
            order.run(
                row: row, rows: min(rowBlock, rows.upperBound - row), panel: panel,
                columns: min(width, columns - panel * width))
        }
        withExtendedLifetime((panels, scales, sums, target.bias, target.residual, target.input)) {}
    }
}

/// One multiplication, and how a piece of it is cut out.
///
/// `@unchecked Sendable`: `multiply` keeps all memory alive until the last piece is done, and pieces
/// write disjoint blocks of C.
@safe private struct Order: @unchecked Sendable {
    let product: HoneProduct
    let c: UnsafeMutableRawPointer
    let a: PackedPanels.Left
    let panels: UnsafePointer<Float>
    let scales: UnsafePointer<Float>?
    let sums: UnsafePointer<Float>?

    func run(row: Int, rows: Int, panel: Int, columns: Int) {
        let width = unsafe kernels.panelWidth
        let column = panel * width
        var piece = unsafe product
        unsafe piece.rows = rows
        unsafe piece.columns = columns
        unsafe piece.a = UnsafeRawPointer(a.words + row * a.rowStride)
        unsafe piece.panel = UnsafeRawPointer(panels + panel * piece.depth * width)
        unsafe piece.c = c + (row * piece.ldc + column) * (piece.isHalf ? 2 : 4)
        unsafe piece.bias = piece.bias.map { unsafe $0 + column }
        unsafe piece.residual = piece.residual.map { unsafe $0 + row * piece.ldr + column }
        unsafe piece.input = piece.input.map {
            unsafe $0 + (row * piece.ldi + column) * (piece.isInputHalf ? 2 : 4)
        }
        unsafe piece.rowScale = a.scales.map { unsafe $0 + row }
        unsafe piece.rowZero = a.zeros.map {
            unsafe UnsafeRawPointer($0 + row).assumingMemoryBound(to: Int32.self)
        }
        unsafe piece.columnScale = scales.map { unsafe $0 + column }
        unsafe piece.columnSum = sums.map {
            unsafe UnsafeRawPointer($0 + column).assumingMemoryBound(to: Int32.self)
        }
        unsafe kernels.product!(&piece)
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
