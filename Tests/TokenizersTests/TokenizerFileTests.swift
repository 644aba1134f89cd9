import FoundationEssentials
import TestSupport
import Testing
import Tokenizers

@Suite struct TokenizerFileTests {
    /// Runs `body` with a folder that holds these files and is gone afterwards.
    private func withFolder<R>(_ files: [String: String], _ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tokenizer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return try body(folder.path)
    }

    /// The error, with its folder taken out of the sentence.
    private func refusal(_ files: [String: String]) throws -> String {
        try withFolder(files) { folder in
            do {
                _ = try loadTokenizer(folder: folder)
                return "it was loaded"
            } catch {
                return "\(error)".replacing(folder, with: "model")
            }
        }
    }

    private func file(
        model: String = #""type":"WordPiece""#,
        vocabulary: String = #"{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3}"#,
        rest: String = ""
    ) -> String {
        #"{"model":{\#(model),"unk_token":"[UNK]","vocab":\#(vocabulary)}\#(rest)}"#
    }

    @Test func `a folder without a tokenizer is told what it lacks`() throws {
        #expect(
            try refusal([:])
                == "model has neither tokenizer.json nor vocab.txt, nor vocab.json with merges.txt: copy them "
                + "from the model's page")
    }

    @Test func `components that are not supported are named`() throws {
        #expect(
            try refusal(["tokenizer.json": file(model: #""type":"WordLevel""#)])
                == #"model/tokenizer.json: the model "WordLevel" is not supported; supported is WordPiece, BPE "#
                + "or Unigram")
        #expect(
            try refusal(["tokenizer.json": file(rest: #","normalizer":{"type":"NFKC"}"#)])
                == #"model/tokenizer.json: the normalizer "NFKC" is not supported; supported is BertNormalizer "#
                + "for WordPiece")
        #expect(
            try refusal(["tokenizer.json": file(rest: #","pre_tokenizer":{"type":"ByteLevel"}"#)])
                == #"model/tokenizer.json: the pre_tokenizer "ByteLevel" is not supported; supported is "#
                + "BertPreTokenizer for WordPiece")
        #expect(
            try refusal(["tokenizer.json": file(rest: #","post_processor":{"type":"Other"}"#)])
                == #"model/tokenizer.json: the post_processor "Other" is not supported; supported is "#
                + "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or a Sequence of these")
        #expect(
            try refusal(["tokenizer.json": unigram(#""normalizer":{"type":"BertNormalizer"},"#)])
                == #"model/tokenizer.json: the normalizer "BertNormalizer" is not supported; supported is NFC, "#
                + "NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend, Precompiled, Nmt or a "
                + "Sequence of these, and BertNormalizer for WordPiece")
        let regex = #""normalizer":{"type":"Replace","pattern":{"Regex":"a|b"},"content":""},"#
        #expect(
            try refusal(["tokenizer.json": unigram(regex)])
                == #"model/tokenizer.json: the pattern of Replace "a|b" is not supported; supported is a "#
                + "string, or one character with + or {m,n} behind it")
        let split = #""pre_tokenizer":{"type":"Split","pattern":{"Regex":"x"}},"#
        #expect(
            try refusal(["tokenizer.json": unigram(split)])
                == #"model/tokenizer.json: the pre_tokenizer "Split" is not supported; supported is ByteLevel, "#
                + "Metaspace, WhitespaceSplit, Digits or a Sequence of these, and BertPreTokenizer for WordPiece"
        )
        #expect(
            try refusal(["tokenizer.json": bpe(options: #""dropout":0.1,"#)])
                == #"model/tokenizer.json: the model "BPE with dropout" is not supported; supported is BPE "#
                + "without, which gives the same tokens each time")
    }

    private func unigram(_ rest: String = "", vocabulary: String = #"["<unk>",0],["a",-1.5]"#) -> String {
        #"{\#(rest)"model":{"type":"Unigram","unk_id":0,"vocab":[\#(vocabulary)]}}"#
    }

    private func bpe(options: String = "", merges: String = #""a b""#) -> String {
        #"{"model":{"type":"BPE",\#(options)"vocab":{"a":0,"b":1,"ab":2},"merges":[\#(merges)]}}"#
    }

    @Test func `damage to BPE and Unigram is told`() throws {
        func reason(_ text: String) throws -> String {
            try refusal(["tokenizer.json": text]).replacing("model/tokenizer.json is damaged: ", with: "")
                .replacing("; download or copy it again", with: "")
        }
        #expect(try reason(bpe(merges: #""a c""#)) == #"the merge "a c" leads out of its vocabulary"#)
        #expect(try reason(bpe(merges: #""b a""#)) == #"the merge "b a" leads out of its vocabulary"#)
        #expect(try reason(bpe(merges: #""a b c""#)) == "a merge is no pair of tokens")
        #expect(try reason(bpe(merges: #"["a"]"#)) == "a merge is no pair of tokens")
        #expect(try reason(bpe(options: #""unk_token":"u","#)) == "it lacks its unknown token u")
        #expect(try reason(unigram(vocabulary: "")) == "it lacks its unknown token")
        #expect(
            try reason(unigram(vocabulary: #"["a"]"#))
                == "an entry of its vocabulary is no token with a score")
        let map = #""normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA"},"#
        #expect(try reason(unigram(map)) == "its precompiled_charsmap cannot be read")
        #expect(
            try reason(#"{"added_tokens":[{"id":1}],"model":{"type":"BPE","vocab":{},"merges":[]}}"#)
                == "an added token has no id or no content")
    }

    @Test func `merges may be strings or pairs`() throws {
        for merges in [#""a b""#, #"["a","b"]"#] {
            let tokenizer = try withFolder(["tokenizer.json": bpe(merges: merges)]) {
                try loadTokenizer(folder: $0)
            }
            #expect(tokenizer.tokens("abba") == ["ab", "b", "a"])
        }
    }

    @Test func `tokens that only look alike are two`() throws {
        let text =
            #"{"model":{"type":"BPE","vocab":{"\u00e9":0,"e":1,"\u0301":2,"e\u0301":3},"merges":["e \u0301"]}}"#
        let tokenizer = try withFolder(["tokenizer.json": text]) { try loadTokenizer(folder: $0) }
        #expect(tokenizer.vocabulary.count == 4)
        #expect(tokenizer.encode("\u{E9}e\u{301}").ids == [0, 3])
    }

    @Test func `vocab json and merges txt give GPT-2's tokenizer, or RoBERTa's`() throws {
        let small = try subword("bpe.json", "gpt2")
        let merges = "#version: 0.2\n\u{120} t\nh e\n\u{120}t he\n"
        func vocabulary(_ special: [String]) -> String {
            let bytes = small.vocabulary.tokens[1...256]
            let tokens = special + bytes + ["\u{120}t", "he", "\u{120}the"]
            let entries = tokens.enumerated().map { id, token in
                let escaped = token.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                return "\"\(escaped)\": \(id)"
            }
            return "{" + entries.joined(separator: ",") + "}"
        }
        let gpt2 = try withFolder([
            "vocab.json": vocabulary(["<|endoftext|>"]), "merges.txt": merges,
        ]) { try loadTokenizer(folder: $0) }
        let text = "the the<|endoftext|>\u{1F600}"
        #expect(gpt2.tokens("the the") == ["t", "he", "\u{120}the"])
        #expect(gpt2.encode("the the").offsets == [0..<1, 1..<3, 3..<7])
        #expect(gpt2.decode(gpt2.encode(text).ids) == "the the\u{1F600}")
        #expect(gpt2.decode(gpt2.encode(text).ids, skipsSpecial: false) == text)
        let roberta = try withFolder([
            "vocab.json": vocabulary(["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), "merges.txt": merges,
            "tokenizer_config.json": #"{"add_prefix_space":true}"#,
        ]) { try loadTokenizer(folder: $0) }
        #expect(
            roberta.tokens("the the <mask>") == ["<s>", "\u{120}the", "\u{120}the", "<mask>", "</s>"])
        #expect(roberta.encode("the the").offsets == [0..<0, 0..<3, 4..<7, 0..<0])
        #expect(
            try refusal(["vocab.json": vocabulary(["<s>"]), "merges.txt": "a b c\n"])
                == #"model/merges.txt is damaged: "a b c" is no pair of tokens; download or copy it again"#)
        #expect(
            try refusal(["vocab.json": "{}"])
                == "model has neither tokenizer.json nor vocab.txt, nor vocab.json with merges.txt: copy them "
                + "from the model's page")
    }

    @Test(arguments: [
        "", "{", "null", "[]", "{}", #"{"model":{}}"#, #"{"model":{"type":"WordPiece","vocab":[]}}"#,
        #"{"model":{"type":"WordPiece","vocab":{"a":"b"}}}"#, #"{"model":{"type":"WordPiece","vocab":{}}}"#,
        #"{"model":{"type":"WordPiece","vocab":{"[UNK]":-1}}}"#,
        #"{"model":{"type":"WordPiece","vocab":{"[UNK]":2147483647}}}"#,
        #"{"model":{"type":"WordPiece","vocab":{"[UNK]":0}}}"#,
    ])
    func `a damaged tokenizer.json is refused with its name`(text: String) throws {
        let sentence = try refusal(["tokenizer.json": text])
        #expect(sentence.hasPrefix("model/tokenizer.json is damaged: "))
        #expect(sentence.hasSuffix("; download or copy it again"))
    }

    @Test func `vocab.txt gives the same tokenizer as tokenizer.json`() throws {
        let folder = try TestData.baseModel()
        let vocabulary = try String(contentsOfFile: folder + "/vocab.txt", encoding: .utf8)
        let whole = try bert()
        let files = ["vocab.txt": vocabulary, "tokenizer_config.json": #"{"do_lower_case":true}"#]
        let fallback = try withFolder(files) { try loadTokenizer(folder: $0) }
        for text in ["Unaffable naïve CAFÉ 中文", "[MASK] is [SEP]", "\u{1F600} \u{200D}"] {
            #expect(fallback.encode(text) == whole.encode(text))
        }
        #expect(fallback.vocabulary.tokens == whole.vocabulary.tokens)
    }

    @Test func `a cased model keeps its letters and accents`() throws {
        let files = [
            "vocab.txt": "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nA\r\na\r\né\r\n",
            "tokenizer_config.json": #"{"do_lower_case":false}"#,
        ]
        let tokenizer = try withFolder(files) { try loadTokenizer(folder: $0) }
        #expect(tokenizer.tokens("A a é") == ["[CLS]", "A", "a", "é", "[SEP]"])
    }

    @Test func `a vocab.txt without its special tokens is refused`() throws {
        #expect(
            try refusal(["vocab.txt": "a\nb\n"])
                == "model/vocab.txt is damaged: it lacks [CLS]; download or copy it again")
    }
}
