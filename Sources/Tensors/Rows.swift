import CKernels

// What is done to the rows of a matrix, each alone.

/// What the derivative of a layer norm needs.
public struct NormalizedRows: Sendable {
    /// (x − mean) / σ, [n, d], in the precision of the pass.
    public let normalized: Activations
    /// 1/σ of each row, [1, n].
    public let inverseDeviation: Matrix
}

extension Matrix {
    /// Normalizes each row: (x − mean)/√(variance + ε)·weight + bias.
    public func layerNorm(weight: Matrix, bias: Matrix, epsilon: Float, pool: ThreadPool = .shared) -> Matrix
    {
        layerNorm(weight: weight, bias: bias, epsilon: epsilon, .f32, pool: pool).output
    }

    /// The same, once as f32 for the residual and once in the format of the next product.
    public func layerNorm(
        weight: Matrix, bias: Matrix, epsilon: Float, _ precision: Precision, pool: ThreadPool = .shared
    ) -> (output: Matrix, activations: Activations) {
        precondition(
            weight.count == columns && bias.count == columns, "layer norm of [\(shape)] by \(weight.shape)")
        var output = Matrix(uninitializedRows: rows, columns: columns)
        let columns = columns
        let (x, w, b, y) = unsafe (
            Address(self), Address(weight), Address(bias), Address(output.mutablePointer)
        )
        var activations: Activations?
        var writer: Activations.Writer?
        if precision != .f32 {
            activations = Activations(uninitializedRows: rows, columns: columns, precision)
            writer = activations!.writer()
        }
        let converter = writer
        pool.parallelRanges(rows, multiple: 8) { range in
            // A few rows at a time, so that they are converted while they are in L1.
            for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                let rows = first..<min(first + 8, range.upperBound)
                let place = first * columns
                unsafe kernels.layerNorm!(
                    x.read + place, w.read, b.read, epsilon, rows.count, columns, y.write + place, nil, nil)
                if let converter { unsafe converter.write(y.read + place, rows) }
            }
        }
        withExtendedLifetime((self, weight, bias)) {}
        return (output, activations ?? Activations(output, .f32))
    }

    /// The same, keeping what the derivative needs.
    public func layerNormForTraining(
        weight: Matrix, bias: Matrix, epsilon: Float, _ precision: Precision = .f32,
        pool: ThreadPool = .shared
    ) -> (output: Matrix, cache: NormalizedRows) {
        precondition(
            weight.count == columns && bias.count == columns, "layer norm of [\(shape)] by \(weight.shape)")
        var output = Matrix(uninitializedRows: rows, columns: columns)
        var normalized = Matrix(uninitializedRows: rows, columns: columns)
        var inverse = Matrix(uninitializedRows: 1, columns: rows)
        let columns = columns
        let (x, w, b) = (Address(self), Address(weight), Address(bias))
        let (y, n) = unsafe (Address(output.mutablePointer), Address(normalized.mutablePointer))
        let i = unsafe Address(inverse.mutablePointer)
        pool.parallelRanges(rows, multiple: 8) { range in
            let first = range.lowerBound * columns
            unsafe kernels.layerNorm!(
                x.read + first, w.read, b.read, epsilon, range.count, columns, y.write + first,
                n.write + first,
                i.write + range.lowerBound)
        }
        withExtendedLifetime((self, weight, bias)) {}
        let kept = Activations(normalized, precision, pool: pool)
        return (output, NormalizedRows(normalized: kept, inverseDeviation: inverse))
    }

    /// The derivative of a layer norm by its input, and by its parameters added to `dweight`, `dbias`.
    ///
    /// `self` is the derivative by the output, [n, d].
    public func layerNormBackward(
        _ cache: NormalizedRows, weight: Matrix, dweight: inout Matrix, dbias: inout Matrix,
        pool: ThreadPool = .shared
    ) -> Matrix {
        precondition(
            rows == cache.normalized.rows && columns == cache.normalized.columns, "layer norm of [\(shape)]")
        var dx = Matrix(uninitializedRows: rows, columns: columns)
        let (rows, columns) = (rows, columns)
        let normalized = cache.normalized.matrix(pool: pool)
        let (dy, n, w) = (Address(self), Address(normalized), Address(weight))
        let (i, d) = unsafe (Address(cache.inverseDeviation), Address(dx.mutablePointer))
        pool.parallelRanges(rows, multiple: 8) { range in
            let first = range.lowerBound * columns
            unsafe kernels.layerNormBackward!(
                dy.read + first, n.read + first, i.read + range.lowerBound, w.read, range.count, columns,
                d.write + first)
        }
        let (dw, db) = unsafe (Address(dweight.mutablePointer), Address(dbias.mutablePointer))
        // Columns are shared out, not rows: each column is summed in one order.
        pool.parallelRanges(columns, multiple: 64) { range in
            unsafe kernels.layerNormParameters!(
                dy.read, n.read, rows, columns, range.lowerBound, range.upperBound, dw.write, db.write)
        }
        withExtendedLifetime((self, normalized, cache, weight)) {}
        return dx
    }

    /// Each row becomes a probability distribution.
    public func softmaxRows() -> Matrix {
        var result = self
        let (rows, columns) = (rows, columns)
        if count > 0 { unsafe kernels.softmax!(result.mutablePointer, rows, columns) }
        return result
    }

    /// `self` [1, d] += the sum of all rows of `x` [n, d], which is not `int8`.
    public mutating func addRows(of x: Activations, pool: ThreadPool = .shared) {
        guard x.precision == .bf16 else { return addRows(of: x.words, pool: pool) }
        precondition(count == x.columns, "the sum of rows of \(x.columns) into \(count) elements")
        let (source, total) = unsafe (Address(x.words), Address(mutablePointer))
        pool.parallelRanges(x.columns, multiple: 64) { range in
            let half = unsafe UnsafeRawPointer(source.read).assumingMemoryBound(to: UInt16.self)
            unsafe kernels.sumHalfRows!(
                half, 2 * x.words.columns, x.rows, range.lowerBound, range.upperBound, total.write)
        }
        withExtendedLifetime(x) {}
    }

    /// `self` [1, d] += the sum of all rows of `x` [n, d].
    public mutating func addRows(of x: Matrix, pool: ThreadPool = .shared) {
        precondition(count == x.columns, "the sum of rows of [\(x.shape)] into \(count) elements")
        let (source, total) = unsafe (Address(x), Address(mutablePointer))
        pool.parallelRanges(x.columns, multiple: 64) { range in
            unsafe kernels.sumRows!(
                source.read, x.rows, x.columns, range.lowerBound, range.upperBound, total.write)
        }
        withExtendedLifetime(x) {}
    }
}
