/// What is to be thought of labels that contradict a model which is sure of itself.
///
/// A calibrated model that gives at least the confidence c is wrong in at most 1 − c of such answers. While it
/// keeps that promise, a label against it is more likely a slip of whoever labelled than a lesson, and learning it
/// does harm. Where it is wrong more often, the world has moved on and its confidence says nothing: then
/// just these rows are what there is to learn. But a source whose labels it contradicts in great number, while those
/// of all others bear it out, has not met another world: it is broken, or lies.
///
/// Source of the first idea: Northcutt, Jiang and Chuang, *Confident learning*,
/// [arXiv:1911.00068](https://arxiv.org/abs/1911.00068).
public struct LabelDoubt: Sendable, Hashable, Codable {
    /// From which confidence on a model is taken at its word.
    public var confidence = 0.95
    /// The share of a source's rows that are contradicted, from which on it is suspicious.
    public var suspicious = 0.3
    /// Confident answers without which nothing is said about a source by itself.
    public var minimumRows = 30

    public init() {}

    /// What was counted of one source.
    public struct Tally: Sendable, Hashable, Codable {
        public var rows: Int
        /// Rows that the model was sure of, right or wrong.
        public var confident: Int
        /// Those of them whose label is another.
        public var contradicted: Int

        public init(rows: Int = 0, confident: Int = 0, contradicted: Int = 0) {
            self.rows = rows
            self.confident = confident
            self.contradicted = contradicted
        }
    }

    public enum Finding: String, Sendable, Hashable, Codable {
        /// The contradicted rows are slips: none of them is to be learned.
        case slips
        /// The source is broken or lies: none of its contradicted rows is to be learned.
        case liar
        /// They are lessons.
        case lessons
    }

    /// Weighs sources by name; one without contradicted rows is not mentioned.
    public func weigh(_ sources: [String: Tally]) -> [String: Finding] {
        let all = sources.values.reduce(into: Tally()) { $0.add($1) }
        var findings: [String: Finding] = [:]
        for (name, tally) in sources where tally.contradicted > 0 {
            var others = all
            others.subtract(tally)
            let isKnown = tally.confident >= minimumRows
            if keepsPromise(isKnown ? tally : all) {
                findings[name] = .slips
            } else if isKnown, Double(tally.contradicted) >= suspicious * Double(tally.rows),
                others.confident >= minimumRows, keepsPromise(others)
            {
                findings[name] = .liar
            } else {
                findings[name] = .lessons
            }
        }
        return findings
    }

    private func keepsPromise(_ tally: Tally) -> Bool {
        tally.confident >= minimumRows
            && Double(tally.contradicted) <= (1 - confidence) * Double(tally.confident) + 1e-9
    }
}

extension LabelDoubt.Tally {
    fileprivate mutating func add(_ other: Self) {
        rows += other.rows
        confident += other.confident
        contradicted += other.contradicted
    }

    fileprivate mutating func subtract(_ other: Self) {
        rows -= other.rows
        confident -= other.confident
        contradicted -= other.contradicted
    }
}
