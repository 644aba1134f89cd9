/// Which tag may follow which: an entity does not go on where none began.
///
/// BIO has `B-`, `I-` and `O` (Ramshaw and Marcus, [arXiv:cmp-lg/9505040](https://arxiv.org/abs/cmp-lg/9505040)),
/// BIOES ends entities with `E-` and has `S-` for those of one word. Other tags may follow anything.
public struct TagScheme: Sendable {
    private let tags: [Tag]
    private let hasEnds: Bool

    private struct Tag {
        let part: Substring
        let type: Substring

        init(_ text: String) {
            let pieces = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let isMarked = pieces.count == 2 && ["B", "I", "E", "S"].contains(pieces[0])
            (part, type) = isMarked ? (pieces[0], pieces[1]) : ("O", "")
        }

        var isInside: Bool { part == "I" || part == "E" }
        /// Whether in BIOES something must follow.
        var isOpen: Bool { part == "B" || part == "I" }
    }

    public init(_ names: [String]) {
        tags = names.map(Tag.init)
        hasEnds = tags.contains { $0.part == "E" || $0.part == "S" }
    }

    /// Whether a tag may follow another, or begin a text.
    public func allows(_ tag: Int, after last: Int?) -> Bool {
        let tag = tags[tag]
        let before = last.map { tags[$0] } ?? Tag("O")
        if tag.isInside { return before.isOpen && before.type == tag.type }
        return !(hasEnds && before.isOpen)
    }

    /// Whether a text may end with a tag.
    public func allowsEnd(with tag: Int) -> Bool { !(hasEnds && tags[tag].isOpen) }

    /// The legal sequence of the highest sum of scores (Viterbi's algorithm,
    /// [doi:10.1109/TIT.1967.1054010](https://doi.org/10.1109/TIT.1967.1054010)).
    ///
    /// - Parameter scores: of each word, one for each tag, such as logarithms of probabilities.
    public func best(_ scores: [[Double]]) -> [Int] {
        guard let first = scores.first else { return [] }
        var totals = tags.indices.map { allows($0, after: nil) ? first[$0] : -.infinity }
        var origins: [[Int]] = []
        for row in scores.dropFirst() {
            var (next, from) = ([Double](), [Int]())
            for tag in tags.indices {
                var best = -1
                for last in tags.indices
                where allows(tag, after: last) && (best < 0 || totals[last] > totals[best]) {
                    best = last
                }
                next.append(best < 0 ? -.infinity : totals[best] + row[tag])
                from.append(max(0, best))
            }
            (totals, origins) = (next, origins + [from])
        }
        let ends = tags.indices.filter { allowsEnd(with: $0) && totals[$0] > -.infinity }
        // A set of tags without a legal sequence of this length is read without the law.
        guard var tag = ends.max(by: { totals[$0] < totals[$1] }) else {
            return scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        }
        var path = [tag]
        for from in origins.reversed() {
            tag = from[tag]
            path.append(tag)
        }
        return path.reversed()
    }
}
