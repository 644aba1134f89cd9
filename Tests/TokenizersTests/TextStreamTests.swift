import TestSupport
import Testing
import Tokenizers

@Suite struct TextStreamTests {
    @Test func `a character that several tokens share comes when it is whole`() throws {
        let tokenizer = try subword("bpe.json", "gpt2")
        let ids = tokenizer.encode("a\u{1F600}b").ids
        var stream = tokenizer.textStream(skipsSpecial: true)
        let parts = ids.map { stream.append($0) }
        #expect(parts.joined() == "a\u{1F600}b")
        #expect(parts.allSatisfy { !$0.unicodeScalars.contains("\u{FFFD}") })
        #expect(parts.contains(""))
        #expect(stream.finish() == "")
    }

    @Test func `what never becomes whole is U+FFFD at the end, and at once where it cannot become so`() throws
    {
        let tokenizer = try subword("bpe.json", "gpt2")
        let ids = tokenizer.encode("\u{1F600}").ids
        var stream = tokenizer.textStream(skipsSpecial: true)
        #expect(ids.dropLast().map { stream.append($0) }.joined() == "")
        #expect(stream.finish() == "\u{FFFD}")
        var broken = tokenizer.textStream(skipsSpecial: true)
        _ = broken.append(ids[0])
        #expect(broken.append(tokenizer.encode("a").ids[0]) == "\u{FFFD}a")
    }

    @Test(arguments: [
        ("bpe.json", "gpt2"), ("bpe.json", "bytes"), ("unigram.json", "xlmr"), ("unigram.json", "bytes"),
    ])
    func `parts together are the text as a whole, whatever the ids`(file: String, name: String) throws {
        let tokenizer = try subword(file, name)
        var random = SplitMix64(seed: 3)
        for _ in 0..<300 {
            let ids = (0..<random.next(below: 30)).map { _ in
                Int32(random.next(below: tokenizer.vocabulary.count + 1)) - 1
            }
            var stream = tokenizer.textStream(skipsSpecial: false)
            var text = ""
            for id in ids { text += stream.append(id) }
            text += stream.finish()
            #expect(text.utf8.elementsEqual(tokenizer.decode(ids, skipsSpecial: false).utf8))
            #expect(stream.finish() == "")
        }
    }

    @Test func `a text of any kind is the same again after byte-level BPE`() throws {
        let tokenizer = try subword("bpe.json", "gpt2")
        var random = SplitMix64(seed: 5)
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<random.next(below: 60) {
                let value = UInt32(random.next(below: random.next(below: 2) == 0 ? 0x300 : 0x11_0000))
                if let scalar = Unicode.Scalar(value) { text.append(scalar) }
            }
            let encoding = tokenizer.encode(String(text))
            #expect(tokenizer.decode(encoding.ids).utf8.elementsEqual(String(text).utf8))
            #expect(encoding.offsets.allSatisfy { $0.upperBound <= text.count })
        }
    }

    @Test func `punctuation stands where it stood before BERT cut it off`() throws {
        let tokenizer = try bert()
        #expect(tokenizer.decode(tokenizer.encode("Hello, world! Fine.").ids) == "hello, world! fine.")
    }

    @Test(arguments: [("bpe.json", "gpt2"), ("bpe.json", "bytes"), ("unigram.json", "xlmr")])
    func `a megabyte is one more text`(file: String, name: String) throws {
        let tokenizer = try subword(file, name)
        let spaced = tokenizer.encode(String(repeating: "lorem ipsum, ", count: 80_000))
        #expect(spaced.ids.count > 240_000)
        #expect(spaced.ids.count == spaced.offsets.count)
        #expect(tokenizer.encode(String(repeating: "x", count: 1 << 20)).ids.count > 1)
    }
}
