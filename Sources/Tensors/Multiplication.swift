import CKernels

// The three products that a linear layer needs: forward, for its input, and for its weight.

extension Matrix {
    /// x·wᵀ + bias: `self` [n, in], `w` [out, in] → [n, out].
    public func times(transposeOf w: Matrix, bias: Matrix? = nil, pool: ThreadPool = .shared) -> Matrix {
        PackedWeights(w, bias: bias, pool: pool).apply(to: self, pool: pool)
    }

    /// dy·w: `self` [n, out], `w` [out, in] → [n, in].
    public func times(_ w: Matrix, pool: ThreadPool = .shared) -> Matrix {
        Activations(self, .f32).times(w, pool: pool)
    }

    /// `self` [out, in] += dyᵀ·x: `dy` [n, out], `x` [n, in].
    public mutating func addProduct(transposeOf dy: Matrix, _ x: Matrix, pool: ThreadPool = .shared) {
        addProduct(transposeOf: Activations(dy, .f32), Activations(x, .f32), pool: pool)
    }

    /// `self` [out, in] += dyᵀ·x, in the format of both: `dy` [n, out], `x` [n, in], not `int8`.
    public mutating func addProduct(
        transposeOf dy: Activations, _ x: Activations, pool: ThreadPool = .shared
    ) {
        precondition(
            dy.rows == x.rows && rows == dy.columns && columns == x.columns && dy.precision == x.precision,
            "[\(shape)] += dyᵀ [\(dy.rows) × \(dy.columns)] · x [\(x.rows) × \(x.columns)]: they differ")
        guard dy.rows > 0 else { return }
        // The sum runs over the rows of both, so a word must hold elements of neighbouring rows.
        let (left, right) = (dy.pairedRows(pool: pool), x.pairedRows(pool: pool))
        let panels = PackedPanels(right, isTransposed: false, dy.precision, pool: pool)
        var target = unsafe PackedPanels.Target(mutablePointer, ldc: columns)
        target.accumulates = true
        unsafe panels.multiply(
            .init(words: left.pointer, rowStride: 1, stepStride: left.columns), rows: 0..<rows, into: target,
            pool: pool)
        withExtendedLifetime(left) {}
    }
}

extension Activations {
    /// dy·w: `self` [n, out], `w` [out, in] → [n, in], plus `residual` of that shape.
    public func times(_ w: Matrix, adding residual: Matrix? = nil, pool: ThreadPool = .shared) -> Matrix {
        var result = Matrix(uninitializedRows: rows, columns: w.columns)
        var target = unsafe PackedPanels.Target(result.mutablePointer, ldc: w.columns)
        target.residual = residual
        multiply(w, into: target, pool: pool)
        return result
    }

    /// dy·w ⊙ gelu′(input): the derivative by the input of a GELU whose result was multiplied with `w`.
    public func times(
        _ w: Matrix, geluBackward input: Activations, pool: ThreadPool = .shared
    ) -> Activations {
        precondition(
            input.rows == rows && input.columns == w.columns && input.precision == precision,
            "the derivative of a GELU of [\(input.rows) × \(input.columns)]")
        var result = Activations(uninitializedRows: rows, columns: w.columns, precision)
        result.zeroPadding()
        let ldc = result.words.columns * precision.elementsPerWord
        var target = unsafe PackedPanels.Target(result.words.mutablePointer, ldc: ldc)
        target.isHalf = precision == .bf16
        target.input = input
        target.epilogue = HONE_EPILOGUE_GELU_BACKWARD
        multiply(w, into: target, pool: pool)
        return result
    }

    private func multiply(_ w: Matrix, into target: PackedPanels.Target, pool: ThreadPool) {
        precondition(columns == w.rows, "dy [\(rows) × \(columns)] · w [\(w.shape)]: inner dimensions differ")
        let panels = PackedPanels(
            Activations.pairedRows(of: w, precision, pool: pool), isTransposed: false, precision, pool: pool)
        panels.multiply(
            left, rows: 0..<rows, into: target, pool: pool)
    }

    /// This as the left side of a product.
    var left: PackedPanels.Left {
        unsafe .init(
            words: words.pointer, rowStride: words.columns, stepStride: 1, scales: scales?.pointer,
            zeros: zeros?.pointer)
    }

    /// What lies behind the last column of each row takes part in products: as zeros.
    mutating func zeroPadding() {
        guard precision == .bf16, columns % 2 == 1 else { return }
        for row in 0..<rows { words[row, words.columns - 1] = 0 }
    }

    /// Words that hold elements of neighbouring rows: [⌈n/2⌉, d] for bf16, the matrix itself for f32.
    func pairedRows(pool: ThreadPool) -> Matrix {
        switch precision {
        case .f32: return words
        case .int8: preconditionFailure("gradients are not multiplied in 8 bits")
        case .bf16:
            var result = Matrix(uninitializedRows: (rows + 1) / 2, columns: columns)
            let target = unsafe Address(result.mutablePointer)
            let (rows, columns, stride) = (rows, columns, 2 * words.columns)
            let source = Address(words)
            pool.parallelRanges((rows + 1) / 2, multiple: 8) { range in
                let half = unsafe UnsafeRawPointer(source.read).assumingMemoryBound(to: UInt16.self)
                for pair in range {
                    let out = unsafe UnsafeMutableRawPointer(target.write + pair * columns)
                    unsafe kernels.pairHalfRows!(
                        half + 2 * pair * stride, 2 * pair + 1 < rows ? half + (2 * pair + 1) * stride : nil,
                        out.assumingMemoryBound(to: UInt32.self), columns)
                }
            }
            withExtendedLifetime(words) {}
            return result
        }
    }

    /// The same of a matrix that is f32 still.
    private static func pairedRows(of x: Matrix, _ precision: Precision, pool: ThreadPool) -> Matrix {
        guard precision == .bf16 else { return x }
        var result = Matrix(uninitializedRows: (x.rows + 1) / 2, columns: x.columns)
        let (source, target) = unsafe (Address(x), Address(result.mutablePointer))
        let (rows, columns) = (x.rows, x.columns)
        pool.parallelRanges((rows + 1) / 2, multiple: 8) { range in
            for pair in range {
                let upper = unsafe source.read + 2 * pair * columns
                let out = unsafe UnsafeMutableRawPointer(target.write + pair * columns)
                unsafe kernels.pairRows!(
                    upper, 2 * pair + 1 < rows ? upper + columns : nil,
                    out.assumingMemoryBound(to: UInt32.self), columns)
            }
        }
        withExtendedLifetime(x) {}
        return result
    }
}
