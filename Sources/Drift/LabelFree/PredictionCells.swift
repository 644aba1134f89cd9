/// Rows counted by predicted class and confidence: what `labelShiftFit` compares.
///
/// Five cells a class, from the confidence of a guess among k classes, 1/k, up to 1. One such count
/// of the present rows, and one of the held-out rows of each true class, kept at the promotion, are
/// all that the fit needs. k · 5 numbers, O(k) a row, mergeable.
public struct PredictionCells: Sendable, Hashable, Codable {
    /// Cells a predicted class.
    public static let cellsPerClass = 5

    public let classCount: Int
    /// Rows a cell: the cells of the first class, then those of the second …
    public private(set) var counts: [Int]

    public init(classCount: Int) {
        precondition(classCount > 0, "predictions have at least one class")
        self.classCount = classCount
        counts = Array(repeating: 0, count: classCount * Self.cellsPerClass)
    }

    public var total: Int { counts.reduce(0, +) }

    /// Counts a row by its probabilities; one with a number that is not finite is left out.
    public mutating func add(_ probabilities: [Double]) {
        precondition(
            probabilities.count == classCount, "\(probabilities.count) probabilities of \(classCount) classes"
        )
        guard probabilities.allSatisfy(\.isFinite) else { return }
        let row = ScoredPrediction(truth: 0, probabilities: probabilities)
        add(prediction: row.prediction, confidence: row.confidence)
    }

    /// Counts a row by its predicted class and that class's probability.
    public mutating func add(prediction: Int, confidence: Double) {
        precondition((0..<classCount).contains(prediction), "class \(prediction) of \(classCount)")
        let guess = 1 / Double(classCount)
        let place = classCount == 1 ? 0 : (confidence - guess) / (1 - guess)
        let cell = calibrationBin(place, of: Self.cellsPerClass)
        counts[prediction * Self.cellsPerClass + cell] += 1
    }

    /// Adds the rows of another stretch with the same labels.
    public mutating func merge(_ other: PredictionCells) {
        precondition(classCount == other.classCount, "cells of different label sets cannot be merged")
        for cell in counts.indices { counts[cell] += other.counts[cell] }
    }
}

/// `labelShiftFit` of present predictions.
///
/// - Parameter reference: held-out rows of the old world, one count for each true class, in label order.
public func labelShiftFit(
    current: PredictionCells, reference: [PredictionCells]
) -> (fit: TwoSampleTest, shares: PriorEstimate)? {
    labelShiftFit(current: current.counts, reference: reference.map(\.counts))
}
