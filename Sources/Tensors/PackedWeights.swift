import CKernels

/// Is shown a matrix: its name, the shape that it must have, and itself, to be read or replaced.
package typealias MatrixVisitor = (String, (rows: Int, columns: Int), inout Matrix) throws -> Void

/// A linear layer's weight, packed for products of the form x·wᵀ + bias.
public struct PackedWeights: Sendable {
    public let inputs: Int
    public let outputs: Int
    public var precision: Precision { panels.precision }
    private var panels: PackedPanels
    private var bias: Matrix?

    /// What a product does to each element before it is stored.
    public enum Epilogue: Sendable {
        case none
        /// x·Φ(x).
        case gelu
        /// Adds a matrix of the result's shape.
        case residual(Matrix)
    }

    /// - Parameter w: [out, in], as checkpoints hold it.
    public init(_ w: Matrix, bias: Matrix?, _ precision: Precision = .f32, pool: ThreadPool = .shared) {
        precondition(
            bias.map { $0.count == w.rows } ?? true, "the bias has \(bias!.count) elements, w \(w.rows) rows")
        (outputs, inputs) = (w.rows, w.columns)
        panels = PackedPanels(weight: w, precision, pool: pool)
        self.bias = bias
    }

    /// The shape of a packed weight with a bias; `visit` brings its numbers.
    package init(inputs: Int, outputs: Int, _ precision: Precision) {
        (self.inputs, self.outputs) = (inputs, outputs)
        panels = PackedPanels(inputs: inputs, outputs: outputs, precision)
        bias = Matrix(rows: 0, columns: 0)
    }

    /// Shows every matrix, with a name and the shape that it must have.
    package mutating func visit(_ name: String, _ body: MatrixVisitor) rethrows {
        try panels.visit(name, body)
        if bias != nil { try body(name + ".bias", (1, outputs), &bias!) }
    }

    /// x·wᵀ + bias, with the epilogue in the same pass: `x` [n, in] → [n, out].
    public func apply(to x: Matrix, _ epilogue: Epilogue = .none, pool: ThreadPool = .shared) -> Matrix {
        apply(to: Activations(x, precision, pool: pool), epilogue, pool: pool)
    }

    /// The same for what is in the weight's format already.
    public func apply(to x: Activations, _ epilogue: Epilogue = .none, pool: ThreadPool = .shared) -> Matrix {
        check(x)
        var result = Matrix(uninitializedRows: x.rows, columns: outputs)
        var target = unsafe PackedPanels.Target(result.mutablePointer, ldc: outputs)
        target.bias = bias
        switch epilogue {
        case .none: break
        case .gelu: target.epilogue = HONE_EPILOGUE_GELU
        case .residual(let r):
            precondition(
                r.rows == x.rows && r.columns == outputs, "a residual [\(r.shape)] on [\(result.shape)]")
            target.residual = r
        }
        panels.multiply(x.left, rows: 0..<x.rows, into: target, pool: pool)
        withExtendedLifetime(x) {}
        return result
    }

    /// x·wᵀ + bias in the format of the input, ready for the next product.
    ///
    /// - Parameter gelu: whether the result goes through x·Φ(x).
    public func activations(
        of x: Activations, gelu: Bool = true, pool: ThreadPool = .shared
    ) -> Activations {
        check(x)
        var result = Activations(uninitializedRows: x.rows, columns: outputs, precision)
        if precision == .int8 {
            quantized(x, gelu, &result, pool: pool)
            return result
        }
        result.zeroPadding()
        let ldc = result.words.columns * precision.elementsPerWord
        var target = unsafe PackedPanels.Target(result.words.mutablePointer, ldc: ldc)
        target.isHalf = precision == .bf16
        target.bias = bias
        target.epilogue = gelu ? HONE_EPILOGUE_GELU : HONE_EPILOGUE_NONE
        panels.multiply(x.left, rows: 0..<x.rows, into: target, pool: pool)
        withExtendedLifetime(x) {}
        return result
    }

    /// A row's scale is known when the row is complete, so blocks of rows wait as f32 in L2.
    private func quantized(_ x: Activations, _ gelu: Bool, _ result: inout Activations, pool: ThreadPool) {
        var block = Matrix(uninitializedRows: min(quantizedRowBlock, x.rows), columns: outputs)
        let writer = result.writer()
        for first in stride(from: 0, to: x.rows, by: quantizedRowBlock) {
            let rows = first..<min(first + quantizedRowBlock, x.rows)
            // Row `first` of the product is row 0 of the block.
            var target = unsafe PackedPanels.Target(block.mutablePointer - first * outputs, ldc: outputs)
            target.bias = bias
            target.epilogue = gelu ? HONE_EPILOGUE_GELU : HONE_EPILOGUE_NONE
            panels.multiply(x.left, rows: rows, into: target, pool: pool)
            let (source, outputs) = (Address(block), outputs)
            pool.parallelRanges(rows.count, multiple: 4) { part in
                unsafe writer.write(
                    source.read + part.lowerBound * outputs,
                    first + part.lowerBound..<first + part.upperBound)
            }
        }
        withExtendedLifetime((x, block)) {}
    }

    private func check(_ x: Activations) {
        precondition(
            x.columns == inputs && x.precision == precision,
            "x [\(x.rows) × \(x.columns)] in \(x.precision) into \(inputs) inputs in \(precision)")
    }
}
