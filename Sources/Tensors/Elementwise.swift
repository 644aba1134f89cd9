import CKernels

// What is done to the elements of a matrix, each alone.

/// Pieces of elementwise work are whole blocks of random numbers: masks do not depend on the pieces.
private let grain = 4_096

extension Matrix {
    private func mapped(
        _ pool: ThreadPool, _ body: @Sendable (_ x: Address, _ y: Address, Range<Int>) -> Void
    ) -> Matrix {
        var result = Matrix(uninitializedRows: rows, columns: columns)
        let (x, y) = unsafe (Address(self), Address(result.mutablePointer))
        pool.parallelRanges(count, multiple: grain) { body(x, y, $0) }
        withExtendedLifetime(self) {}
        return result
    }

    /// x·Φ(x): GELU by the error function.
    public func gelu(pool: ThreadPool = .shared) -> Matrix {
        return mapped(pool) { x, y, range in
            unsafe kernels.gelu!(x.read + range.lowerBound, y.write + range.lowerBound, range.count)
        }
    }

    /// The derivative by GELU's input; `self` is the one by its output.
    public func geluBackward(input: Matrix, pool: ThreadPool = .shared) -> Matrix {
        precondition(count == input.count, "the derivative [\(shape)] of a GELU of [\(input.shape)]")
        let source = Address(input)
        let result = mapped(pool) { dy, dx, range in
            let first = range.lowerBound
            unsafe kernels.geluBackward!(source.read + first, dy.read + first, dx.write + first, range.count)
        }
        withExtendedLifetime(input) {}
        return result
    }

    /// x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))): GELU by its approximation.
    public func geluTanh(pool: ThreadPool = .shared) -> Matrix {
        mapped(pool) { x, y, range in
            unsafe kernels.geluTanh!(x.read + range.lowerBound, y.write + range.lowerBound, range.count)
        }
    }

    /// The derivative by the input of `geluTanh`; `self` is the one by its output.
    public func geluTanhBackward(input: Matrix, pool: ThreadPool = .shared) -> Matrix {
        precondition(count == input.count, "the derivative [\(shape)] of a GELU of [\(input.shape)]")
        let source = Address(input)
        let result = mapped(pool) { dy, dx, range in
            let first = range.lowerBound
            unsafe kernels.geluTanhBackward!(
                source.read + first, dy.read + first, dx.write + first, range.count)
        }
        withExtendedLifetime(input) {}
        return result
    }

    public func tanh() -> Matrix {
        return mapped(.shared) { x, y, range in
            unsafe kernels.tanh!(x.read + range.lowerBound, y.write + range.lowerBound, range.count)
        }
    }

    /// Drops elements at `rate` and scales the others by 1/(1 − rate).
    ///
    /// Which elements is a function of seed, stream and place alone: the derivative is the same call
    /// on the derivative.
    public func dropout(rate: Float, seed: UInt64, stream: UInt64, pool: ThreadPool = .shared) -> Matrix {
        guard rate > 0 else { return self }
        return mapped(pool) { x, y, range in
            let first = range.lowerBound
            unsafe kernels.dropout!(x.read + first, y.write + first, first, range.count, rate, seed, stream)
        }
    }

    public static func += (y: inout Matrix, x: Matrix) {
        precondition(y.rows == x.rows && y.columns == x.columns, "[\(y.shape)] += [\(x.shape)]")
        let (source, target) = unsafe (Address(x), Address(y.mutablePointer))
        ThreadPool.shared.parallelRanges(y.count, multiple: grain) { range in
            unsafe kernels.add!(source.read + range.lowerBound, target.write + range.lowerBound, range.count)
        }
        withExtendedLifetime(x) {}
    }
}

extension Activations {
    /// x·Φ(x), in the same format; not of `int8`.
    public func gelu(pool: ThreadPool = .shared) -> Activations {
        guard precision == .bf16 else { return Activations(words.gelu(pool: pool), .f32) }
        var result = Activations(uninitializedRows: rows, columns: columns, precision)
        let (source, target) = unsafe (Address(words), Address(result.words.mutablePointer))
        // Padding is zero and stays zero.
        pool.parallelRanges(words.count, multiple: grain) { range in
            let x = unsafe UnsafeRawPointer(source.read + range.lowerBound)
            let y = unsafe UnsafeMutableRawPointer(target.write + range.lowerBound)
            unsafe kernels.geluHalf!(
                x.assumingMemoryBound(to: UInt16.self), y.assumingMemoryBound(to: UInt16.self),
                2 * range.count)
        }
        withExtendedLifetime(words) {}
        return result
    }
}
