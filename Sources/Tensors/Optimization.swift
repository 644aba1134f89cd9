import CKernels

/// What one step of AdamW needs beside the tensors.
public struct AdamWStep: Sendable {
    private let constants: HoneAdamW

    /// - Parameters:
    ///   - step: from 1.
    ///   - gradientScale: what gradients are multiplied with first: clipping.
    public init(
        learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float, step: Int,
        gradientScale: Float
    ) {
        func missing(_ beta: Float) -> Float {
            var power = 1.0
            for _ in 0..<min(step, 100_000) where power > 0 { power *= Double(beta) }
            return Float(1 - power)
        }
        constants = HoneAdamW(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
            weightDecay: weightDecay,
            correction1: missing(beta1), correction2: missing(beta2), gradientScale: gradientScale)
    }

    /// Moves `weight` and both moments by `gradient`; all of one shape.
    public func apply(
        _ gradient: Matrix, to weight: inout Matrix, moment1: inout Matrix, moment2: inout Matrix,
        pool: ThreadPool = .shared
    ) {
        precondition(
            gradient.count == weight.count, "a gradient [\(gradient.shape)] for a weight [\(weight.shape)]")
        let constants = constants
        let (g, w) = unsafe (Address(gradient), Address(weight.mutablePointer))
        let (m, v) = unsafe (Address(moment1.mutablePointer), Address(moment2.mutablePointer))
        pool.parallelRanges(weight.count, multiple: 4_096) { range in
            let first = range.lowerBound
            var constants = constants
            unsafe kernels.adamW!(
                &constants, g.read + first, w.write + first, m.write + first, v.write + first, range.count)
        }
        withExtendedLifetime(gradient) {}
    }
}

extension Matrix {
    /// Σ x², summed in an order that does not depend on the number of threads.
    public func sumOfSquares(pool: ThreadPool = .shared) -> Double {
        let piece = 1 << 16
        let pieces = (count + piece - 1) / piece
        guard pieces > 0 else { return 0 }
        let x = Address(self)
        let total = count
        var sums = [Double](repeating: 0, count: pieces)
        unsafe sums.withUnsafeMutableBufferPointer { buffer in
            let target = unsafe SumAddress(start: buffer.baseAddress!)
            pool.parallel(pieces) { index in
                let first = index * piece
                unsafe target.start[index] = kernels.sumOfSquares!(x.read + first, min(piece, total - first))
            }
        }
        withExtendedLifetime(self) {}
        return sums.reduce(0, +)
    }
}

/// `@unchecked Sendable`: each piece writes the element that bears its own number.
@safe private struct SumAddress: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>
}
