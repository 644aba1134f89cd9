/// Tokens and where they came from, before special ones are put around them.
struct Pieces {
    var ids: [Int32] = []
    var offsets: [Range<Int>] = []
    /// The number of the word that each is a part of.
    var words: [Int32] = []
    /// The spaces that each begins and ends with; empty where nobody asks.
    var margins: [Margins] = []

    struct Margins: Sendable, Equatable {
        var leading: Int32 = 0
        var trailing: Int32 = 0
    }

    var count: Int { ids.count }

    mutating func reserve(_ count: Int) {
        ids.reserveCapacity(count)
        offsets.reserveCapacity(count)
        words.reserveCapacity(count)
    }

    mutating func append(_ id: Int32, _ range: Range<Int>, word: Int32) {
        ids.append(id)
        offsets.append(range)
        words.append(word)
    }

    mutating func truncate(to count: Int) {
        guard ids.count > count else { return }
        ids.removeLast(ids.count - count)
        offsets.removeLast(offsets.count - count)
        words.removeLast(words.count - count)
        if !margins.isEmpty { margins.removeLast(margins.count - count) }
    }

    subscript(part: Range<Int>) -> Pieces {
        Pieces(
            ids: Array(ids[part]), offsets: Array(offsets[part]), words: Array(words[part]),
            margins: margins.isEmpty ? [] : Array(margins[part]))
    }
}
