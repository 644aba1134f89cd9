extension ConfusionMatrix {
    /// The mean precision of the classes that occur as truth or prediction; equal to
    /// `precision_score(average="macro", zero_division=0)`.
    public var macroPrecision: Double? { mean(occurring.map(\.precision)) }

    /// The mean recall of the classes that occur as truth or prediction; equal to
    /// `recall_score(average="macro", zero_division=0)`.
    ///
    /// `balancedAccuracy` leaves out a class that was only ever predicted; here it counts as 0.
    public var macroRecall: Double? { mean(occurring.map(\.recall)) }

    private var occurring: [ClassScores] { classScores.filter { $0.support + $0.predicted > 0 } }

    /// Adds the rows of another stretch with the same labels.
    public mutating func merge(_ other: ConfusionMatrix) {
        precondition(
            counts.count == other.counts.count,
            "matrices of \(counts.count) and \(other.counts.count) classes cannot be merged")
        for truth in counts.indices {
            for prediction in counts.indices {
                add(truth: truth, prediction: prediction, rows: other.counts[truth][prediction])
            }
        }
    }
}
