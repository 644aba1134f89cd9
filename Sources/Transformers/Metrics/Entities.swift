/// Names in a sequence of tags, as the CoNLL shared tasks count them and `seqeval` does
/// (<https://github.com/chakki-works/seqeval>): tags that break their scheme are read as well as they can be.
public struct Entity: Sendable, Hashable {
    public var type: String
    /// In words.
    public var words: Range<Int>

    /// The entities of tags such as `B-PER`, `I-PER`, `E-PER`, `S-PER` and `O`.
    public static func all(in tags: [String]) -> [Entity] {
        var entities: [Entity] = []
        var start = 0
        var last = Tag("O")
        for (index, text) in (tags + ["O"]).enumerated() {
            let tag = Tag(text)
            if last.ends(before: tag) { entities.append(Entity(type: last.type, words: start..<index)) }
            if tag.starts(after: last) { start = index }
            last = tag
        }
        return entities
    }
}

/// A tag in its two parts.
private struct Tag {
    let part: Character
    let type: String

    init(_ text: String) {
        part = text.first ?? "O"
        let rest = text.dropFirst()
        let pieces = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        type = pieces.last.map { $0.isEmpty ? "_" : String($0) } ?? "_"
    }

    private var isOutside: Bool { part == "O" || part == "." }

    /// Whether an entity that reaches up to this tag is at its end.
    func ends(before next: Tag) -> Bool {
        if part == "E" || part == "S" { return true }
        if part == "B" || part == "I", ["B", "S", "O"].contains(next.part) { return true }
        return !isOutside && type != next.type
    }

    /// Whether an entity begins with this tag.
    func starts(after last: Tag) -> Bool {
        if part == "B" || part == "S" { return true }
        if part == "E" || part == "I", ["E", "S", "O"].contains(last.part) { return true }
        return !isOutside && type != last.type
    }
}

extension Counts {
    /// Entities of some sentences: one counts as right if its words and its type are.
    public init(entitiesOf found: [[String]], wanted: [[String]], type: String? = nil) {
        self.init()
        for (found, wanted) in zip(found, wanted) {
            self += Counts(Self.entities(found, type), Self.entities(wanted, type))
        }
    }

    private static func entities(_ tags: [String], _ type: String?) -> Set<Entity> {
        Set(Entity.all(in: tags).filter { type == nil || $0.type == type })
    }
}
