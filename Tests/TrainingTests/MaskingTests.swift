import Tensors
import Testing
import Tokenizers
import Training
import Transformers

@Suite struct MaskingTests {
    private static func tokenizer() throws -> any Tokenizer { try Checkpoint(TinyTask.base).tokenizer }

    /// A sequence of `words` words of two pieces each, between `[CLS]` and `[SEP]`.
    private static func sequence(words: Int) throws -> (Encoding, special: Set<Int32>) {
        let tokenizer = try tokenizer()
        let ends = tokenizer.encode("good", pair: nil, maximumLength: 8)
        var encoding = Encoding()
        let good = ends.ids[1]
        encoding.ids = [ends.ids[0]] + [Int32](repeating: good, count: 2 * words) + [ends.ids[2]]
        encoding.wordIDs = [-1] + (0..<2 * words).map { Int32($0 / 2) } + [-1]
        encoding.typeIDs = encoding.ids.map { _ in 0 }
        return (encoding, tokenizer.specialIDs)
    }

    @Test func `fifteen of a hundred are asked for, and eight of ten of those are hidden`() throws {
        let masking = try #require(Masking(Self.tokenizer()))
        let mask = try #require(Self.tokenizer().vocabulary.id(of: "[MASK]"))
        let (sequence, _) = try Self.sequence(words: 50)
        var random = Philox(seed: 1, stream: 1)
        var (asked, hidden, kept) = (0, 0, 0)
        for _ in 0..<2_000 {
            let masked = masking.masked(sequence, using: &random)
            #expect(masked.asked.count == 15)
            #expect(masked.truths == masked.asked.map { sequence.ids[$0] })
            for place in sequence.ids.indices where !masked.asked.contains(place) {
                #expect(masked.ids[place] == sequence.ids[place])
            }
            asked += masked.asked.count
            hidden += masked.asked.count { masked.ids[$0] == mask }
            kept += masked.asked.count { masked.ids[$0] == sequence.ids[$0] }
        }
        let size = Double(try Self.tokenizer().vocabulary.count)
        // Of the tenth that is replaced, some are by [MASK], some by the very same token.
        #expect(abs(Double(hidden) / Double(asked) - (0.8 + 0.1 / size)) < 0.01)
        #expect(abs(Double(kept) / Double(asked) - (0.1 + 0.1 / size)) < 0.01)
    }

    @Test func `whole words are asked for, or none of their pieces`() throws {
        var masking = try #require(Masking(Self.tokenizer()))
        masking.wholeWords = true
        let (sequence, _) = try Self.sequence(words: 50)
        var random = Philox(seed: 2, stream: 1)
        for _ in 0..<200 {
            let asked = Set(masking.masked(sequence, using: &random).asked)
            #expect(asked.count == 14, "the fifteenth would be half a word")
            for word in 0..<50 { #expect(asked.contains(1 + 2 * word) == asked.contains(2 + 2 * word)) }
        }
    }

    @Test func `the same numbers mask the same`() throws {
        let masking = try #require(Masking(Self.tokenizer()))
        let (sequence, _) = try Self.sequence(words: 20)
        func ids(_ stream: UInt64) -> [Int32] {
            var random = Philox(seed: 5, stream: stream)
            return masking.masked(sequence, using: &random).ids
        }
        #expect(ids(1) == ids(1))
        #expect(ids(1) != ids(2))
    }

    @Test func `something is asked of every text, and special tokens never`() throws {
        let masking = try #require(Masking(Self.tokenizer()))
        var random = Philox(seed: 3, stream: 1)
        let (word, special) = try Self.sequence(words: 1)
        for _ in 0..<50 {
            let asked = masking.masked(word, using: &random).asked
            #expect(asked.count == 1 && !special.contains(word.ids[asked[0]]))
        }
        let (none, _) = try Self.sequence(words: 0)
        #expect(masking.masked(none, using: &random).asked == [])
    }
}
