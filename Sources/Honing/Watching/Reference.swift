public import Drift

/// What a version was worth on the day it was judged, and what the rows looked like that judged
/// it: what its later life is measured against. Stored with the version, never recomputed.
public struct Reference: Codable, Sendable, Equatable {
    /// The rounded sum of the bounded losses; for classification the number of errors.
    public var errors: Int
    /// How many rows judged it.
    public var count: Int
    /// What those rows looked like to the model.
    public var profile: StreamProfile
    /// The classes of the profile, in their order; of a task without classes the task's own word.
    public var labels: [String]
    /// What judged it: `holdout` of the first rows, or the `fresh` rows of a gate.
    public var source: String
    /// The rows themselves, in little; absent in versions of an older Hone and where no row was kept.
    public var sketch: ReferenceSketch?

    /// - Parameter all: the rows that judged it; those that were chosen for what a model answered promise nothing,
    ///   unless there are no others.
    public init(_ all: some Collection<Observation>, labels: [String], source: String) {
        let fair = all.filter(\.isRepresentative)
        let rows = fair.isEmpty ? Array(all) : fair
        var profile = StreamProfile(classCount: max(1, labels.count))
        for row in rows { profile.add(row, labels: labels) }
        self.profile = profile
        self.labels = labels
        self.source = source
        count = rows.count
        errors = Int(rows.reduce(0) { $0 + $1.loss }.rounded())
        sketch = ReferenceSketch(rows, labels: labels)
    }

    /// The error that the version promised, with the rise that nobody minds.
    public func baseline(tolerance: Double) -> Baseline {
        Baseline(errors: errors, count: count, tolerance: tolerance)
    }
}

extension StreamProfile {
    /// Counts one row; a prediction outside the labels, which only a damaged row can hold, is not. Of a single
    /// class every answer is.
    mutating func add(_ row: Observation, labels: [String]) {
        guard let index = labels.count == 1 ? 0 : labels.firstIndex(of: row.predicted) else { return }
        add(
            classIndex: index, confidence: row.confidence, tokens: row.tokens,
            unknownTokens: row.unknownTokens)
    }
}
