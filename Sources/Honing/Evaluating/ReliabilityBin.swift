import Drift

/// Rows whose answers were about as sure as each other: of a model that knows how sure it may be, as many are right
/// as its confidence says.
///
/// Source: Guo et al., [arXiv:1706.04599](https://arxiv.org/abs/1706.04599); Niculescu-Mizil and Caruana,
/// [doi:10.1145/1102351.1102430](https://doi.org/10.1145/1102351.1102430), for the diagram.
public struct ReliabilityBin: Codable, Sendable, Equatable {
    /// From here, in [0, 1] …
    public var lower: Double
    /// … up to there.
    public var upper: Double
    public var count: Int
    /// The mean of the rows.
    public var confidence: Double
    /// The share of right answers, with Wilson's 95 % interval.
    public var accuracy: Double
    public var interval: ClosedRange<Double>

    /// Tenths of confidence that hold rows, the lowest first.
    static func bins(confidences: [Double], isCorrect: [Bool], count: Int = 10) -> [ReliabilityBin] {
        let places = confidences.map { calibrationBin($0, of: count) }
        return (0..<count).compactMap { bin in
            let rows = places.indices.filter { places[$0] == bin }
            guard !rows.isEmpty else { return nil }
            let right = rows.count { isCorrect[$0] }
            return ReliabilityBin(
                lower: Double(bin) / Double(count), upper: Double(bin + 1) / Double(count), count: rows.count,
                confidence: rows.reduce(0) { $0 + confidences[$1] } / Double(rows.count),
                accuracy: Double(right) / Double(rows.count),
                interval: wilson(right, of: rows.count, confidence: 0.95))
        }
    }

    /// Whether the confidence is one that the rows bear out.
    public var isBorneOut: Bool { interval.contains(confidence) }
}
