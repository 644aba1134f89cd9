import FoundationEssentials

/// A vocabulary that was learned, with all that its use needs.
public struct TrainedTokenizer: Sendable {
    enum Kind: Sendable {
        case wordPiece(lowercases: Bool)
        case byteLevelBPE(ByteLevelBPETrainer.Style, addsPrefixSpace: Bool)
    }

    let kind: Kind
    let specialTokens: [String]
    /// By id.
    public let tokens: [String]
    /// Of BPE, in their order.
    public let merges: [(String, String)]

    /// Writes `tokenizer.json`, which `loadTokenizer` and Hugging Face's `tokenizers` load.
    ///
    /// - Parameter folder: exists.
    public func write(folder: String) throws {
        try Data(tokenizerJSON().utf8).write(to: URL(filePath: folder + "/tokenizer.json"), options: .atomic)
    }

    /// The text of `tokenizer.json`.
    public func tokenizerJSON() -> String {
        let parts =
            switch kind {
            case .wordPiece(let lowercases): wordPiece(lowercases)
            case .byteLevelBPE(let style, let addsPrefixSpace): byteLevel(style, addsPrefixSpace)
            }
        let members =
            [
                "\"version\": \"1.0\"", "\"truncation\": null", "\"padding\": null",
                "\"added_tokens\": \(addedTokens)",
            ]
            + parts.map { "\"\($0)\": \($1)" }
        return "{\n  " + members.joined(separator: ",\n  ") + "\n}\n"
    }

    private typealias Parts = KeyValuePairs<String, String>

    private func wordPiece(_ lowercases: Bool) -> Parts {
        [
            "normalizer": #"{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "#
                + #""strip_accents": null, "lowercase": \#(lowercases)}"#,
            "pre_tokenizer": #"{"type": "BertPreTokenizer"}"#,
            "post_processor": around(first: "[CLS]", last: "[SEP]"),
            "decoder": ###"{"type": "WordPiece", "prefix": "##", "cleanup": true}"###,
            "model": ###"{"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "###
                + #""max_input_chars_per_word": 100, "vocab": \#(vocabulary)}"#,
        ]
    }

    private func byteLevel(_ style: ByteLevelBPETrainer.Style, _ addsPrefixSpace: Bool) -> Parts {
        let options = #""add_prefix_space": \#(addsPrefixSpace), "trim_offsets": true"#
        let byteLevel = #"{"type": "ByteLevel", \#(options), "use_regex": true}"#
        let processor =
            switch style {
            case .gpt2: byteLevel
            case .roberta:
                #"{"type": "RobertaProcessing", "sep": ["</s>", \#(id("</s>"))], "cls": ["<s>", \#(id("<s>"))], "#
                    + #"\#(options)}"#
            }
        let merges = merges.map { "[\(Self.quoted($0)), \(Self.quoted($1))]" }.joined(separator: ",\n      ")
        return [
            "normalizer": "null", "pre_tokenizer": byteLevel, "post_processor": processor,
            "decoder":
                #"{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}"#,
            "model":
                #"{"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "#
                + #""end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "#
                + #""ignore_merges": false, "vocab": \#(vocabulary), "merges": [\#(merges)]}"#,
        ]
    }

    /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
    private func around(first: String, last: String) -> String {
        guard specialTokens.contains(first), specialTokens.contains(last) else { return "null" }
        func special(_ token: String, _ type: Int) -> String {
            #"{"SpecialToken": {"id": "\#(token)", "type_id": \#(type)}}"#
        }
        func sequence(_ name: String, _ type: Int) -> String {
            #"{"Sequence": {"id": "\#(name)", "type_id": \#(type)}}"#
        }
        let single = [special(first, 0), sequence("A", 0), special(last, 0)]
        let pair = single + [sequence("B", 1), special(last, 1)]
        let tokens = [first, last].map {
            #""\#($0)": {"id": "\#($0)", "ids": [\#(id($0))], "tokens": ["\#($0)"]}"#
        }
        return #"{"type": "TemplateProcessing", "single": [\#(single.joined(separator: ", "))], "#
            + #""pair": [\#(pair.joined(separator: ", "))], "#
            + #""special_tokens": {\#(tokens.joined(separator: ", "))}}"#
    }

    private func id(_ token: String) -> Int { tokens.firstIndex(of: token) ?? 0 }

    private var addedTokens: String {
        let tokens = specialTokens.enumerated().map { id, token in
            // RoBERTa's mask takes the space before it in.
            #"{"id": \#(id), "content": \#(Self.quoted(token)), "single_word": false, "#
                + #""lstrip": \#(token == "<mask>"), "rstrip": false, "normalized": false, "special": true}"#
        }
        return "[\n    " + tokens.joined(separator: ",\n    ") + "\n  ]"
    }

    private var vocabulary: String {
        "{" + tokens.enumerated().map { "\(Self.quoted($1)): \($0)" }.joined(separator: ",\n      ") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var result = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result.append("\\")
                result.append(scalar)
            case "\0"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
            default: result.append(scalar)
            }
        }
        result.append("\"")
        return String(result)
    }
}
