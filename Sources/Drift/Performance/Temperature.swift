import Glibc

/// The temperature T that makes softmax(logits / T) fit the true classes best.
///
/// T minimises the log-loss; as a function of 1/T that loss is convex, so its slope
/// Σ (mean logit under softmax − true logit) has one root, found by bisection over
/// `temperatureRange`. T > 1 says that the model was too sure of itself. Predicted classes do not
/// change. Rows with a logit that is not finite are left out; without rows T is 1.
///
/// - Parameters:
///   - logits: a row of k numbers a prediction, before softmax.
///   - truth: the true class index of each row.
/// - Returns: T, in 0.05…20.
///
/// Source: Guo, Pleiss, Sun and Weinberger, [arXiv:1706.04599](https://arxiv.org/abs/1706.04599).
public func fitTemperature(logits: [[Double]], truth: [Int]) -> Double {
    requireRows(logits, truth)
    let rows = zip(logits, truth).filter { row, _ in row.allSatisfy(\.isFinite) }
    guard !rows.isEmpty else { return 1 }
    func slope(_ inverse: Double) -> Double {
        rows.reduce(0.0) { sum, row in
            let top = row.0.max() ?? 0
            var (weights, weighted) = (0.0, 0.0)
            // Gaps to the true logit, so that a nearly certain row still has a slope.
            for logit in row.0 {
                let weight = exp(inverse * (logit - top))
                weights += weight
                weighted += weight * (logit - row.0[row.1])
            }
            return sum + weighted / weights
        }
    }
    return 1 / root(in: 1 / temperatureRange.upperBound...1 / temperatureRange.lowerBound) { slope($0) < 0 }
}

/// Where `fitTemperature` looks: beyond it the model is broken, not miscalibrated.
public let temperatureRange: ClosedRange<Double> = 0.05...20
