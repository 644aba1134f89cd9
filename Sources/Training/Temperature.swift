/// Finds the temperature whose probabilities fit best: the minimum of the mean loss of
/// softmax(logits/T) over T, by golden section in log T.
///
/// Source: Guo et al., [arXiv:1706.04599](https://arxiv.org/abs/1706.04599).
///
/// - Returns: T in [0.25, 8], and the mean loss at it; 1 and 0 without rows.
package func fitTemperature(
    logits: [[Float]], labels: [Int]
) -> (temperature: Double, lossInNats: Double) {
    guard !logits.isEmpty else { return (1, 0) }
    func loss(_ logTemperature: Double) -> Double {
        let temperature = exponential(logTemperature)
        return zip(logits, labels).reduce(0) { sum, row in
            let scaled = row.0.map { Double($0) / temperature }
            let top = scaled.max() ?? 0
            let normalizer = logarithm(scaled.reduce(0) { $0 + exponential($1 - top) }) + top
            return sum + normalizer - scaled[row.1]
        }
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (logarithm(0.25), logarithm(8))
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (lossA, lossB) = (loss(a), loss(b))
    for _ in 0..<40 {
        if lossA < lossB {
            (high, b, lossB) = (b, a, lossA)
            a = high - ratio * (high - low)
            lossA = loss(a)
        } else {
            (low, a, lossA) = (a, b, lossB)
            b = low + ratio * (high - low)
            lossB = loss(b)
        }
    }
    let middle = (low + high) / 2
    return (exponential(middle), loss(middle) / Double(logits.count))
}
