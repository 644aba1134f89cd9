import Drift
import Foundation

/// The rows that judged a version and what it said to them, in little: what a later change is held
/// against when its cause is sought. At most a thousand rows, some 25 kB of JSON.
public struct ReferenceSketch: Codable, Sendable, Equatable {
    /// Rows that are kept at most.
    static let capacity = 1_000

    /// Numbers of the rows; their texts lie in the store. As long as the three below.
    public var exampleIDs: [Int64]
    /// The true class of each row and the one that was predicted, as indices of the reference's labels.
    public var truths: [Int]
    public var predictions: [Int]
    /// The probability of the predicted class, to four digits.
    public var confidences: [Double]
    /// Of all rows that judged the version, not only of those that are kept.
    public var tokens: Int
    public var unknownTokens: Int
    /// What makes the probabilities of these rows mean what they say; see `fitTemperature`.
    public var temperature: Double

    /// - Parameter rows: those with a number and with probabilities count; of too many, every second,
    ///   third … is kept.
    init?(_ rows: some Collection<Observation>, labels: [String]) {
        let indices = Dictionary(
            labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let known = rows.compactMap { row -> (row: Observation, truth: Int, prediction: Int)? in
            guard row.exampleID > 0, row.probabilities.count == labels.count, let truth = indices[row.label],
                let prediction = indices[row.predicted]
            else { return nil }
            return (row, truth, prediction)
        }
        guard !known.isEmpty else { return nil }
        let step = (known.count + Self.capacity - 1) / Self.capacity
        let kept = stride(from: 0, to: known.count, by: step).map { known[$0] }
        exampleIDs = kept.map(\.row.exampleID)
        truths = kept.map(\.truth)
        predictions = kept.map(\.prediction)
        confidences = kept.map { ($0.row.confidence * 10_000).rounded() / 10_000 }
        tokens = rows.reduce(0) { $0 + $1.tokens }
        unknownTokens = rows.reduce(0) { $0 + $1.unknownTokens }
        // Up to a constant, which softmax does not see, logits are the logarithms of probabilities.
        temperature = fitTemperature(
            logits: kept.map { $0.row.probabilities.map { log(max($0, 1e-12)) } },
            truth: kept.map(\.truth))
    }

    var count: Int { exampleIDs.count }
}
