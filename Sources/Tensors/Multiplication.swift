import CKernels

// The three products that a linear layer needs: forward, for its input, and for its weight.

extension Matrix {
    /// x·wᵀ + bias: `self` [n, in], `w` [out, in] → [n, out].
    public func times(transposeOf w: Matrix, bias: Matrix? = nil, pool: ThreadPool = .shared) -> Matrix {
        precondition(columns == w.columns, "x [\(shape)] · wᵀ [\(w.shape)]: inner dimensions differ")
        precondition(
            bias.map { $0.count == w.rows } ?? true, "the bias has \(bias!.count) elements, w \(w.rows) rows")
        return product(PackedPanels(w, isTransposed: true, pool: pool), .init(bias: bias), pool)
    }

    /// dy·w: `self` [n, out], `w` [out, in] → [n, in].
    public func times(_ w: Matrix, pool: ThreadPool = .shared) -> Matrix {
        precondition(columns == w.rows, "dy [\(shape)] · w [\(w.shape)]: inner dimensions differ")
        return product(PackedPanels(w, isTransposed: false, pool: pool), .init(), pool)
    }

    /// `self` [out, in] += dyᵀ·x: `dy` [n, out], `x` [n, in].
    public mutating func addProduct(transposeOf dy: Matrix, _ x: Matrix, pool: ThreadPool = .shared) {
        precondition(
            dy.rows == x.rows && rows == dy.columns && columns == x.columns,
            "[\(shape)] += dyᵀ [\(dy.shape)] · x [\(x.shape)]: shapes differ")
        guard dy.rows > 0 else { return }
        let panels = PackedPanels(x, isTransposed: false, pool: pool)
        unsafe panels.multiply(
            Address(dy), rows: rows, aStrides: (row: 1, depth: dy.columns), into: Address(mutablePointer),
            .init(accumulates: true), pool: pool)
        withExtendedLifetime(dy) {}
    }

    private func product(_ panels: PackedPanels, _ target: PackedPanels.Target, _ pool: ThreadPool) -> Matrix
    {
        var result = Matrix(uninitializedRows: rows, columns: panels.columns)
        unsafe panels.multiply(
            Address(self), rows: rows, aStrides: (row: columns, depth: 1),
            into: Address(result.mutablePointer),
            target, pool: pool)
        return result
    }
}

/// A linear layer's weight, packed once for prediction.
public struct PackedWeights: Sendable {
    private let panels: PackedPanels
    private let bias: Matrix?

    /// What a product does to each element before it is stored.
    public enum Epilogue: Sendable {
        case none
        /// x·Φ(x).
        case gelu
        /// Adds a matrix of the result's shape.
        case residual(Matrix)
    }

    /// - Parameter w: [out, in], as checkpoints hold it.
    public init(_ w: Matrix, bias: Matrix?) {
        precondition(
            bias.map { $0.count == w.rows } ?? true, "the bias has \(bias!.count) elements, w \(w.rows) rows")
        panels = PackedPanels(w, isTransposed: true)
        self.bias = bias
    }

    public var inputs: Int { panels.depth }
    public var outputs: Int { panels.columns }

    /// x·wᵀ + bias, with the epilogue in the same pass: `x` [n, in] → [n, out].
    public func apply(to x: Matrix, _ epilogue: Epilogue = .none, pool: ThreadPool = .shared) -> Matrix {
        precondition(x.columns == inputs, "x [\(x.shape)] into a layer of \(inputs) inputs")
        var result = Matrix(uninitializedRows: x.rows, columns: outputs)
        var target = PackedPanels.Target(bias: bias)
        switch epilogue {
        case .none: break
        case .gelu: target.epilogue = HONE_EPILOGUE_GELU
        case .residual(let r):
            precondition(
                r.rows == x.rows && r.columns == outputs, "a residual [\(r.shape)] on [\(result.shape)]")
            target.residual = r
        }
        unsafe panels.multiply(
            Address(x), rows: x.rows, aStrides: (row: x.columns, depth: 1),
            into: Address(result.mutablePointer),
            target, pool: pool)
        withExtendedLifetime(x) {}
        return result
    }
}
