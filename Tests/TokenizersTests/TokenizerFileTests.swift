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
                == "model has neither tokenizer.json nor vocab.txt: copy them from the model's page")
    }

    @Test func `components that are not supported are named`() throws {
        #expect(
            try refusal(["tokenizer.json": file(model: #""type":"BPE""#)])
                == #"model/tokenizer.json: the model "BPE" is not supported; supported is WordPiece"#)
        #expect(
            try refusal(["tokenizer.json": file(rest: #","normalizer":{"type":"NFKC"}"#)])
                == #"model/tokenizer.json: the normalizer "NFKC" is not supported; supported is BertNormalizer"#
        )
        #expect(
            try refusal(["tokenizer.json": file(rest: #","pre_tokenizer":{"type":"ByteLevel"}"#)])
                == #"model/tokenizer.json: the pre_tokenizer "ByteLevel" is not supported; supported is "#
                + "BertPreTokenizer")
        #expect(
            try refusal(["tokenizer.json": file(rest: #","post_processor":{"type":"RobertaProcessing"}"#)])
                == #"model/tokenizer.json: the post_processor "RobertaProcessing" is not supported; supported "#
                + "is TemplateProcessing or BertProcessing")
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
