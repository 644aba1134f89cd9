/// A text as the network reads it.
public struct Encoding: Sendable, Equatable {
    public var ids: [Int32] = []
    /// 0 for the first text, 1 for the second of a pair, unless the model's file has it otherwise.
    public var typeIDs: [Int32] = []
    /// Which Unicode scalars of its text each token stands for; empty for special tokens.
    public var offsets: [Range<Int>] = []
    /// Which word of its text each token is a piece of, as the tokenizer cuts words; −1 for special tokens.
    public var wordIDs: [Int32] = []
    /// The tokens of the first text, special ones around it left out.
    public var first: Range<Int> = 0..<0
    /// The tokens of the second text of a pair.
    public var second: Range<Int>?
    /// How many tokens the vocabulary does not know.
    public var unknownCount = 0
    /// Whether the text was cut.
    public var isTruncated = false

    public init() {}

    /// Which text each token comes from: 0 or 1, and −1 for special tokens.
    public var sequenceIDs: [Int32] {
        ids.indices.map { first.contains($0) ? 0 : second?.contains($0) ?? false ? 1 : -1 }
    }

    mutating func append(special id: Int32, typeID: Int32) {
        ids.append(id)
        typeIDs.append(typeID)
        offsets.append(0..<0)
        wordIDs.append(-1)
    }

    /// - Returns: where the pieces are now.
    mutating func append(_ pieces: Pieces, typeID: Int32) -> Range<Int> {
        let start = ids.count
        ids += pieces.ids
        offsets += pieces.offsets
        wordIDs += pieces.words
        typeIDs += repeatElement(typeID, count: pieces.ids.count)
        return start..<ids.count
    }
}
