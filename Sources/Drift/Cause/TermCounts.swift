/// How often words and runs of words were used in a stretch of texts.
///
/// Counts tokens and, up to `order`, n-grams of neighbouring tokens, joined by a space. The table
/// is bounded: when it holds twice its capacity the rarest terms are forgotten, and with them at
/// most `forgotten` uses of each. Deterministic, mergeable; O(order) table accesses a token.
///
/// Source: the bound is that of lossy counting, Manku and Motwani,
/// [doi:10.1016/B978-155860869-6/50038-X](https://doi.org/10.1016/B978-155860869-6/50038-X).
public struct TermCounts: Sendable, Hashable, Codable {
    /// The longest run of tokens that is counted.
    public let order: Int
    /// Terms that are certainly kept.
    public let capacity: Int

    /// Uses of each term.
    public private(set) var counts: [String: Int] = [:]
    /// All terms used, forgotten ones included.
    public private(set) var total = 0
    /// Texts counted.
    public private(set) var texts = 0
    /// The greatest number of uses that a missing term can have had.
    public private(set) var forgotten = 0

    public init(order: Int = 2, capacity: Int = 20_000) {
        precondition(order >= 1 && capacity >= 1, "terms need an order and a capacity of at least 1")
        self.order = order
        self.capacity = capacity
    }

    /// Counts one text by its tokens, in their order.
    public mutating func add(_ tokens: [String]) {
        texts += 1
        for start in tokens.indices {
            for length in 1...order where start + length <= tokens.count {
                let term =
                    length == 1 ? tokens[start] : tokens[start..<start + length].joined(separator: " ")
                counts[term, default: 0] += 1
                total += 1
            }
        }
        prune()
    }

    /// Adds the texts of another stretch with the same order.
    public mutating func merge(_ other: TermCounts) {
        precondition(order == other.order, "terms of orders \(order) and \(other.order) cannot be merged")
        for (term, count) in other.counts { counts[term, default: 0] += count }
        total += other.total
        texts += other.texts
        forgotten += other.forgotten
        prune()
    }

    private mutating func prune() {
        guard counts.count > 2 * capacity else { return }
        let ranked = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        forgotten += ranked[capacity].value
        counts = Dictionary(uniqueKeysWithValues: ranked.prefix(capacity).map { ($0.key, $0.value) })
    }
}
