/// Rows of a source that a run did not learn from, for one reason.
public struct LeftOutSummary: Codable, Sendable, Equatable {
    /// `leak`, `near-duplicate`, `slip`, `liar`, `flood`.
    public var reason: String
    public var source: String
    public var rows: Int

    /// All of them, for people: a clause for each reason.
    static func sentence(_ parts: [LeftOutSummary]) -> String {
        let words = [
            ("leak", "nearly the same as rows that judge or choose"),
            ("near-duplicate", "nearly the same as newer rows"),
            ("slip", "with labels that the live version is sure are another (quarantined)"),
            ("liar", "with labels that the live version and all other sources speak against (quarantined)"),
            ("flood", "beyond their source's share"),
        ]
        let clauses = words.compactMap { reason, words -> String? in
            let parts = parts.filter { $0.reason == reason }
            guard !parts.isEmpty else { return nil }
            let rows = parts.reduce(0) { $0 + $1.rows }
            let sources = parts.map(\.source).joined(separator: ", ")
            return "\(grouped(rows)) \(words), from \(sources)"
        }
        return "not learned: " + clauses.joined(separator: "; ")
    }
}
