/// How many rows of each source a training may hold, so that none that suddenly floods decides what is learned.
///
/// A source may give the share s of the new rows, or `growth` times the share that it gave before the change,
/// whichever is more: the main source of a feed keeps its place, a trickle does not become the feed overnight. Where
/// the others give n rows, a share s of the whole is
///
///     n · s / (1 − s)
///
/// rows. Where none of them gave anything before there is nothing to compare with, and all rows are taken.
public struct SourceInfluence: Sendable, Hashable, Codable {
    /// The share that any source may give.
    public var share = 0.5
    /// By how much the share of a source may grow.
    public var growth = 3.0
    /// So many rows are left to each source in any case.
    public var minimumRows = 200

    public init() {}

    /// The most rows of those sources that give too many.
    ///
    /// - Parameters:
    ///   - now: rows of each source that are new.
    ///   - before: rows of each source before the change.
    public func limits(now: [String: Int], before: [String: Int]) -> [String: Int] {
        let known = Double(now.keys.reduce(0) { $0 + before[$1, default: 0] })
        guard now.count > 1, known > 0 else { return [:] }
        let all = now.values.reduce(0, +)
        var limits: [String: Int] = [:]
        for (source, rows) in now {
            let allowed = max(share, growth * Double(before[source, default: 0]) / known)
            guard allowed < 1 else { continue }
            let limit = max(minimumRows, Int((Double(all - rows) * allowed / (1 - allowed)).rounded()))
            if rows > limit { limits[source] = limit }
        }
        return limits
    }
}
