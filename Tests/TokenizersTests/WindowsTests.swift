import FoundationEssentials
import TestSupport
import Testing
import Tokenizers

/// Windows over long texts as `return_overflowing_tokens` gives them
/// (`Tests/Reference/tokenizers_windows.py`).
@Suite struct WindowsTests {
    struct Fixture: Decodable {
        var minilm: [Case]
        var roberta: [Case]
    }

    struct Case: Decodable {
        var text: String
        var pair: String?
        var strategy: String
        var maximumLength: Int
        var stride: Int
        /// `nil` where `tokenizers` refuses.
        var windows: [Window]?
    }

    struct Window: Decodable, Equatable {
        var ids: [Int32]
        var types: [Int32]
        var offsets: [Int]
        var words: [Int32]
        var sequences: [Int32]

        init(_ encoding: Encoding) {
            ids = encoding.ids
            types = encoding.typeIDs
            offsets = encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] }
            words = encoding.wordIDs
            sequences = encoding.sequenceIDs
        }
    }

    private func expect(_ cases: [Case], of tokenizer: any Tokenizer) throws {
        for (number, wanted) in cases.enumerated() {
            let truncation = Truncation(
                try #require(Truncation.Strategy(rawValue: wanted.strategy)),
                maximumLength: wanted.maximumLength, stride: wanted.stride)
            let found = try? tokenizer.windows(wanted.text, pair: wanted.pair, truncation: truncation)
            #expect(found?.map(Window.init) == wanted.windows, "case \(number)")
            #expect(found?.allSatisfy { $0.isTruncated == (found?.count ?? 0 > 1) } ?? true)
        }
    }

    @Test func `windows are those of tokenizers, in its order, and refused where it refuses`() throws {
        let fixture = try JSONDecoder().decode(Fixture.self, from: fixture("windows.json"))
        try expect(fixture.minilm, of: try bert())
        try expect(fixture.roberta, of: try subword("bpe.json", "roberta"))
    }

    @Test func `a text that fits has one window, which is its encoding`() throws {
        let tokenizer = try bert()
        let windows = try tokenizer.windows(
            "who?", pair: "They did.", truncation: Truncation(maximumLength: 64, stride: 8))
        #expect(windows == [tokenizer.encode("who?", pair: "They did.", maximumLength: 64)])
    }

    @Test func `what cannot be cut is told why`() throws {
        let tokenizer = try bert()
        func refusal(_ pair: String?, _ truncation: Truncation) -> String {
            do {
                _ = try tokenizer.windows("one two three four five", pair: pair, truncation: truncation)
                return "it was cut"
            } catch { return "\(error)" }
        }
        #expect(
            refusal(nil, Truncation(.onlySecond, maximumLength: 5))
                == "there is no second text to cut: give a pair, or cut with only_first")
        #expect(
            refusal("six seven", Truncation(.onlySecond, maximumLength: 8))
                == "the text that is not cut takes 8 of 8 tokens, special ones included, and leaves no room "
                + "for the other: shorten it or raise the maximum length")
        #expect(
            refusal(nil, Truncation(maximumLength: 4, stride: 2))
                == "a stride of 2 tokens leaves no progress in windows of 2: make it smaller")
    }

    @Test func `every token of a text is in a window, and neighbours share the stride`() throws {
        let tokenizer = try bert()
        let text = String(repeating: "one two three. ", count: 40)
        let whole = tokenizer.encode(text, pair: nil, maximumLength: .max)
        let windows = try tokenizer.windows(
            text, pair: nil, truncation: Truncation(maximumLength: 20, stride: 5))
        let seen = Set(windows.flatMap { window in window.first.map { window.offsets[$0] } })
        #expect(seen == Set(whole.first.map { whole.offsets[$0] }))
        for (one, next) in zip(windows, windows.dropFirst()) {
            #expect(one.offsets[one.first].suffix(5).elementsEqual(next.offsets[next.first].prefix(5)))
        }
    }
}
