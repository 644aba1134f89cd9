import Foundation

/// `tokenizer.json` of Hugging Face's `tokenizers`, as far as BERT's models use it.
struct TokenizerFile: Decodable {
    var addedTokens: [AddedToken]?
    var normalizer: Normalizer?
    var preTokenizer: Component?
    var postProcessor: PostProcessor?
    var model: Model

    enum CodingKeys: String, CodingKey {
        case normalizer, model
        case addedTokens = "added_tokens"
        case preTokenizer = "pre_tokenizer"
        case postProcessor = "post_processor"
    }

    struct AddedToken: Decodable {
        var id: Int32
        var content: String
        var special: Bool?
        var single_word: Bool?
        var lstrip: Bool?
        var rstrip: Bool?
        /// Whether it is looked for in the normalized text, normalized itself.
        var normalized: Bool?
    }

    struct Component: Decodable { var type: String }

    struct Normalizer: Decodable {
        var type: String
        var clean_text: Bool?
        var handle_chinese_chars: Bool?
        var strip_accents: Bool?
        var lowercase: Bool?
    }

    struct Model: Decodable {
        var type: String?
        var unk_token: String?
        var continuing_subword_prefix: String?
        var max_input_chars_per_word: Int?
        var vocab: [String: Int32]
    }

    struct PostProcessor: Decodable {
        var type: String
        var single: [TemplatePiece]?
        var pair: [TemplatePiece]?
        var special_tokens: [String: SpecialToken]?

        struct SpecialToken: Decodable { var ids: [Int32] }
    }

    struct TemplatePiece: Decodable {
        var SpecialToken: Reference?
        var Sequence: Reference?

        struct Reference: Decodable {
            var id: String
            var type_id: Int32
        }
    }

    // MARK: Loading

    static func tokenizer(folder: String) throws(TokenizerFileError) -> WordPiece {
        let file = folder + "/tokenizer.json"
        if let data = FileManager.default.contents(atPath: file) {
            do {
                return try JSONDecoder().decode(TokenizerFile.self, from: data).wordPiece(file)
            } catch let error as TokenizerFileError {
                throw error
            } catch {
                throw .malformed(file: file, reason: "it is not the JSON of a WordPiece tokenizer")
            }
        }
        return try vocabularyFile(folder)
    }

    /// The older form: one token a line, options in `tokenizer_config.json`.
    private static func vocabularyFile(_ folder: String) throws(TokenizerFileError) -> WordPiece {
        let file = folder + "/vocab.txt"
        guard let data = FileManager.default.contents(atPath: file) else { throw .missing(folder: folder) }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .malformed(file: file, reason: "it is not UTF-8")
        }
        // Scalar by scalar: to Swift, CR LF is one character, and no line break.
        var tokens = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0.last == "\r" ? $0.dropLast() : $0)
        }
        if tokens.last == "" { tokens.removeLast() }
        struct Options: Decodable { var do_lower_case: Bool? }
        let options = FileManager.default.contents(atPath: folder + "/tokenizer_config.json")
            .flatMap { try? JSONDecoder().decode(Options.self, from: $0) }
        let lowers = options?.do_lower_case ?? true
        let vocabulary = Vocabulary(tokens: tokens)
        func id(_ token: String) throws(TokenizerFileError) -> Int32 {
            guard let id = vocabulary.id(of: token) else {
                throw .malformed(file: file, reason: "it lacks \(token)")
            }
            return id
        }
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { token in
            vocabulary.id(of: token).map { Tokenizers.AddedToken(id: $0, content: Array(token.utf8)) }
        }
        return WordPiece(
            vocabulary: vocabulary,
            splitter: WordSplitter(BertNormalizer(stripsAccents: lowers, lowercases: lowers)),
            template: .bert(cls: try id("[CLS]"), sep: try id("[SEP]")),
            addedTokens: AddedVocabulary(special), normalizedTokens: AddedVocabulary([]),
            specialIDs: Set(special.map(\.id)), unknown: try id("[UNK]"), maximumWordLength: 100,
            continuingPrefix: "##")
    }

    private func wordPiece(_ file: String) throws(TokenizerFileError) -> WordPiece {
        func require(_ component: String, _ found: String?, _ supported: String) throws(TokenizerFileError) {
            guard let found, found != supported else { return }
            throw .unsupported(file: file, component: component, found: found, supported: supported)
        }
        try require("model", model.type, "WordPiece")
        try require("normalizer", normalizer?.type, "BertNormalizer")
        try require("pre_tokenizer", preTokenizer?.type, "BertPreTokenizer")
        var tokens = [String?](repeating: nil, count: model.vocab.count + (addedTokens?.count ?? 0))
        for (token, id) in model.vocab.map({ ($0.key, $0.value) })
            + (addedTokens ?? []).map({ ($0.content, $0.id) })
        {
            guard tokens.indices.contains(Int(id)) else {
                throw .malformed(file: file, reason: "token \(id) is out of range")
            }
            tokens[Int(id)] = token
        }
        while tokens.last == .some(nil) { tokens.removeLast() }
        let prefix = model.continuing_subword_prefix ?? "##"
        let own = Set(model.vocab.values)
        let vocabulary = Vocabulary(
            tokens: tokens.map { $0 ?? "" }, continuingPrefix: prefix,
            outsiders: Set((addedTokens ?? []).map(\.id).filter { !own.contains($0) }))
        guard let unknown = vocabulary.id(of: model.unk_token ?? "[UNK]") else {
            throw .malformed(file: file, reason: "it lacks its unknown token")
        }
        let lowers = normalizer?.lowercase ?? true
        let bert = BertNormalizer(
            cleansText: normalizer?.clean_text ?? true,
            handlesChinese: normalizer?.handle_chinese_chars ?? true,
            stripsAccents: normalizer?.strip_accents ?? lowers, lowercases: lowers)
        let added = addedTokens ?? []
        return WordPiece(
            vocabulary: vocabulary, splitter: WordSplitter(bert), template: try template(vocabulary, file),
            addedTokens: AddedVocabulary(added.filter { !$0.isNormalized }.map(\.token)),
            normalizedTokens: AddedVocabulary(
                added.filter(\.isNormalized).map { $0.token.normalized(by: bert) }),
            specialIDs: Set((addedTokens ?? []).filter { $0.special ?? false }.map(\.id)), unknown: unknown,
            maximumWordLength: model.max_input_chars_per_word ?? 100, continuingPrefix: prefix)
    }

    private func template(_ vocabulary: Vocabulary, _ file: String) throws(TokenizerFileError) -> Template {
        func bert() throws(TokenizerFileError) -> Template {
            guard let cls = vocabulary.id(of: "[CLS]"), let sep = vocabulary.id(of: "[SEP]") else {
                throw .malformed(file: file, reason: "it lacks [CLS] or [SEP]")
            }
            return .bert(cls: cls, sep: sep)
        }
        guard let postProcessor, postProcessor.type != "BertProcessing" else { return try bert() }
        guard postProcessor.type == "TemplateProcessing", let single = postProcessor.single,
            let pair = postProcessor.pair
        else {
            throw .unsupported(
                file: file, component: "post_processor", found: postProcessor.type,
                supported: "TemplateProcessing or BertProcessing")
        }
        func piece(_ piece: TemplatePiece) throws(TokenizerFileError) -> Template.Piece {
            if let token = piece.SpecialToken {
                guard let id = postProcessor.special_tokens?[token.id]?.ids.first else {
                    throw .malformed(file: file, reason: "its template names the unknown token \(token.id)")
                }
                return .special(id: id, typeID: token.type_id)
            }
            guard let sequence = piece.Sequence else {
                throw .malformed(file: file, reason: "its template has an empty piece")
            }
            return sequence.id == "A" ? .first(typeID: sequence.type_id) : .second(typeID: sequence.type_id)
        }
        var result = Template(single: [], pair: [])
        for part in single { result.single.append(try piece(part)) }
        for part in pair { result.pair.append(try piece(part)) }
        return result
    }
}

extension TokenizerFile.AddedToken {
    /// `tokenizers` looks for special tokens in the text as it came, where the file does not say.
    fileprivate var isNormalized: Bool { normalized ?? !(special ?? false) }

    fileprivate var token: Tokenizers.AddedToken {
        Tokenizers.AddedToken(
            id: id, content: Array(content.utf8), isSingleWord: single_word ?? false,
            stripsLeft: lstrip ?? false, stripsRight: rstrip ?? false)
    }
}

extension AddedToken {
    fileprivate func normalized(by normalizer: BertNormalizer) -> AddedToken {
        var token = self
        token.content = unsafe content.withUnsafeBufferPointer {
            unsafe normalizer.normalized($0, first: 0).bytes
        }
        return token
    }
}
