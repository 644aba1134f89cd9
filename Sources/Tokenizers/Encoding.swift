/// A text as the network reads it.
public struct Encoding: Sendable, Equatable {
    public var ids: [Int32] = []
    /// 0 for the first text, 1 for the second of a pair.
    public var typeIDs: [Int32] = []
    /// Which Unicode scalars of its text each token stands for; empty for special tokens.
    public var offsets: [Range<Int>] = []
    /// How many tokens the vocabulary does not know.
    public var unknownCount = 0
    /// Whether the text was cut.
    public var isTruncated = false

    public init() {}

    mutating func append(_ id: Int32, typeID: Int32, offsets range: Range<Int>) {
        ids.append(id)
        typeIDs.append(typeID)
        offsets.append(range)
    }
}
