import Tensors
package import Tokenizers

/// Where in a text the next sequence stands.
package struct TextCursor: Codable, Equatable, Sendable {
    /// From 0.
    package var pass = 0
    /// Of blocks, in the order of the pass.
    package var group = 0
    /// In the order of the group.
    package var sequence = 0

    package init(pass: Int = 0) {
        self.pass = pass
    }
}

/// The sequences of a text without end, pass after pass. Some blocks from all over it are in memory at a time and
/// their sequences shuffled together: of one block at a time, each step would see one place of one book.
package struct TextFeed {
    private let text: RawText
    private let packing: SequencePacking
    private let seed: UInt64
    private let groupCount: Int
    package private(set) var cursor: TextCursor
    private var order: [Int] = []
    private var sequences: [Encoding] = []
    /// What `order` and `sequences` are of.
    private var loaded: (pass: Int, group: Int)?

    /// Blocks in memory at a time: 4 MiB of text.
    private static let groupBlocks = 32

    package init(_ text: RawText, _ packing: SequencePacking, seed: UInt64, from cursor: TextCursor) {
        self.text = text
        self.packing = packing
        self.seed = seed
        self.cursor = cursor
        groupCount = (text.blockCount + Self.groupBlocks - 1) / Self.groupBlocks
    }

    /// Passes over the text so far, with fractions.
    var passes: Double {
        let part = sequences.isEmpty ? 0 : Double(cursor.sequence) / Double(sequences.count)
        return Double(cursor.pass) + (Double(cursor.group) + part) / Double(max(1, groupCount))
    }

    /// The next sequences.
    ///
    /// - Throws: `PretrainingError`, also where a whole pass has none.
    package mutating func next(_ count: Int) throws(PretrainingError) -> [Encoding] {
        var result: [Encoding] = []
        var barren = 0
        while result.count < count {
            try load()
            guard cursor.sequence < sequences.count else {
                barren = sequences.isEmpty ? barren + 1 : 0
                guard barren <= groupCount else { throw .noText }
                cursor.group += 1
                cursor.sequence = 0
                if cursor.group == groupCount { cursor = TextCursor(pass: cursor.pass + 1) }
                continue
            }
            let taken = min(count - result.count, sequences.count - cursor.sequence)
            result += sequences[cursor.sequence..<cursor.sequence + taken]
            cursor.sequence += taken
        }
        return result
    }

    private mutating func load() throws(PretrainingError) {
        if let loaded, loaded == (cursor.pass, cursor.group) { return }
        if loaded?.pass != cursor.pass { order = text.order(pass: cursor.pass) }
        let blocks = order.dropFirst(cursor.group * Self.groupBlocks).prefix(Self.groupBlocks)
        var random = Philox(
            seed: seed, stream: PretrainingStream.sequences.number(cursor.pass * groupCount + cursor.group))
        sequences = []
        for block in blocks {
            sequences += packing.sequences(try text.passages(ofBlock: block, heldOut: false))
        }
        sequences.shuffle(using: &random)
        loaded = (cursor.pass, cursor.group)
    }
}

extension RawText {
    /// Sequences of what is held out, of so many tokens if there are so many.
    ///
    /// - Throws: `PretrainingError.nothingHeldOut`, where there is nothing.
    package func heldOut(_ packing: SequencePacking, tokens limit: Int) throws(PretrainingError) -> [Encoding]
    {
        var passages: [Passage] = []
        var bytes = 0
        for block in order(pass: 0) {
            // A token of a long text is three bytes at the least.
            guard bytes < 8 * limit else { break }
            let more = try self.passages(ofBlock: block, heldOut: true)
            bytes += more.reduce(0) { $0 + $1.text.utf8.count }
            passages += more
        }
        guard !passages.isEmpty else { throw .nothingHeldOut(share: heldOutShare, bytes: size) }
        return Array(packing.sequences(passages).prefix(max(1, limit / packing.length)))
    }
}
