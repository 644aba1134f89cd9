import TestSupport
import Testing
import Tokenizers

@Suite struct WordPieceTests {
    @Test func `words are cut into their longest known pieces`() throws {
        #expect(try bert().tokens("Unaffable!") == ["[CLS]", "una", "##ffa", "##ble", "!", "[SEP]"])
    }

    @Test func `special tokens are found in the text itself`() throws {
        #expect(try bert().tokens("a[SEP]b [sep]") == ["[CLS]", "a", "[SEP]", "b", "[", "sep", "]", "[SEP]"])
    }

    @Test func `a word of more than a hundred characters is unknown, and counted`() throws {
        let tokenizer = try bert()
        #expect(tokenizer.encode(String(repeating: "a", count: 100)).unknownCount == 0)
        let encoding = tokenizer.encode(String(repeating: "a", count: 101) + " b")
        #expect(encoding.unknownCount == 1)
        #expect(encoding.offsets == [0..<0, 0..<101, 102..<103, 0..<0])
    }

    @Test func `offsets count the scalars of the text as it came`() throws {
        // Two scalars each for the accented letters: the accent goes, its place stays.
        let encoding = try bert().encode("Cafe\u{301} noe\u{308}l")
        #expect(encoding.offsets.dropFirst().first == 0..<4)
        #expect(encoding.offsets.dropFirst().dropLast().allSatisfy { $0.upperBound <= 11 })
    }

    @Test func `no limit is too small to hold`() throws {
        let tokenizer = try bert()
        for limit in [-1, 0, 1, 2, 3, 4] {
            let single = tokenizer.encode("one two three", pair: nil, maximumLength: limit)
            #expect(single.ids.count == max(limit, 2))
            #expect(single.isTruncated)
            let pair = tokenizer.encode("one two three", pair: "four five", maximumLength: limit)
            #expect(pair.ids.count == max(limit, 3))
        }
    }

    @Test func `what is cut is the beginning of what is whole`() throws {
        let tokenizer = try bert()
        let whole = tokenizer.encode("It is not a film that one forgets, nor one that one would see again.")
        for limit in 2...whole.ids.count {
            let cut = tokenizer.encode(
                "It is not a film that one forgets, nor one that one would see again.", pair: nil,
                maximumLength: limit)
            #expect(cut.ids.dropLast() == whole.ids.prefix(limit - 1))
            #expect(cut.isTruncated == (limit < whole.ids.count))
        }
    }

    @Test func `decoding joins the pieces and leaves special tokens out`() throws {
        let tokenizer = try bert()
        #expect(tokenizer.decode(tokenizer.encode("Unaffable people").ids) == "unaffable people")
        #expect(tokenizer.decode([]) == "")
        #expect(tokenizer.decode([-1, .max, .min]) == "")
    }

    @Test func `a megabyte is one more text`() throws {
        let tokenizer = try bert()
        let spaced = tokenizer.encode(String(repeating: "lorem ipsum, ", count: 80_000))
        #expect(spaced.ids.count > 240_000)
        let solid = tokenizer.encode(String(repeating: "x", count: 1 << 20))
        #expect(solid.ids.count == 3)
        #expect(tokenizer.encode(String(repeating: "\u{301}", count: 1 << 18)).ids.count == 2)
    }

    @Test func `tasks that share a tokenizer get the same`() async throws {
        let tokenizer = try bert()
        let text = "Thread-safe, immutable: naïve 中文 [MASK] unaffable."
        let alone = tokenizer.encode(text)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<50).allSatisfy { _ in tokenizer.encode(text) == alone } }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    @Test func `random scalars never trap, and offsets stay within the text and in order`() throws {
        let tokenizer = try bert()
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<random.next(below: 60) {
                let value = UInt32(random.next(below: random.next(below: 2) == 0 ? 0x300 : 0x11_0000))
                if let scalar = Unicode.Scalar(value) { text.append(scalar) }
            }
            let encoding = tokenizer.encode(String(text))
            let inner = encoding.offsets.dropFirst().dropLast()
            #expect(inner.allSatisfy { $0.upperBound <= text.count && !$0.isEmpty })
            #expect(zip(inner, inner.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound })
            #expect(encoding.ids.count == encoding.offsets.count)
        }
    }
}
