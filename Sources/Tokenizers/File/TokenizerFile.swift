import FoundationEssentials

/// `tokenizer.json` of Hugging Face's `tokenizers`, and the older files that came before it.
struct TokenizerFile {
    /// Its path, for errors.
    let path: String
    let root: JSONValue

    static func tokenizer(folder: String) throws(TokenizerFileError) -> any Tokenizer {
        if let file = try TokenizerFile(path: folder + "/tokenizer.json") { return try file.tokenizer() }
        if let tokenizer = try VocabularyFiles(folder: folder).tokenizer() { return tokenizer }
        throw .missing(folder: folder)
    }

    /// - Returns: `nil` where there is no such file.
    init?(path: String) throws(TokenizerFileError) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let root = try? JSONReader.value(of: [UInt8](data)), root.object != nil else {
            throw .malformed(file: path, reason: "it is not the JSON of a tokenizer")
        }
        self.path = path
        self.root = root
    }

    private func tokenizer() throws(TokenizerFileError) -> any Tokenizer {
        guard let model = root["model"] else { throw malformed("it has no model") }
        // Older files do not name theirs.
        switch model["type"]?.string ?? "WordPiece" {
        case "WordPiece": return try wordPiece(model)
        case "BPE", "Unigram": return try subwords(model)
        case let other: throw unsupported("model", other, "WordPiece, BPE or Unigram")
        }
    }

    func malformed(_ reason: String) -> TokenizerFileError { .malformed(file: path, reason: reason) }

    func unsupported(_ component: String, _ found: String, _ supported: String) -> TokenizerFileError {
        .unsupported(file: path, component: component, found: found, supported: supported)
    }

    // MARK: Tokens

    /// A token that was added to the model's own.
    struct Addition {
        var token: AddedToken
        var isSpecial: Bool
        /// Whether it is looked for in the normalized text, normalized itself.
        var isNormalized: Bool
        var content: String
    }

    func additions() throws(TokenizerFileError) -> [Addition] {
        var additions: [Addition] = []
        for value in root["added_tokens"]?.array ?? [] {
            guard let id = value["id"]?.int32, let content = value["content"]?.string else {
                throw malformed("an added token has no id or no content")
            }
            func flag(_ name: String) -> Bool { value[name]?.bool ?? false }
            // `tokenizers` looks for special tokens in the text as it came, where the file does not say.
            additions.append(
                Addition(
                    token: AddedToken(
                        id: id, content: Array(content.utf8), isSingleWord: flag("single_word"),
                        stripsLeft: flag("lstrip"), stripsRight: flag("rstrip")),
                    isSpecial: flag("special"), isNormalized: value["normalized"]?.bool ?? !flag("special"),
                    content: content))
        }
        return additions
    }

    /// All tokens by id, those that were added among them.
    func vocabulary(
        _ own: [(String, Int32)], _ additions: [Addition], continuingPrefix: String
    ) throws(TokenizerFileError) -> Vocabulary {
        var tokens = [String?](repeating: nil, count: own.count + additions.count)
        for (token, id) in own + additions.map({ ($0.content, $0.token.id) }) {
            guard tokens.indices.contains(Int(id)) else { throw malformed("token \(id) is out of range") }
            tokens[Int(id)] = token
        }
        while tokens.last == .some(nil) { tokens.removeLast() }
        let ids = Set(own.map(\.1))
        return Vocabulary(
            tokens: tokens.map { $0 ?? "" }, continuingPrefix: continuingPrefix,
            outsiders: Set(additions.map(\.token.id).filter { !ids.contains($0) }))
    }

    /// The model's own tokens: `"vocab": {"token": id}`.
    func tokens(_ model: JSONValue) throws(TokenizerFileError) -> [(String, Int32)] {
        guard let members = model["vocab"]?.object else { throw malformed("it has no vocabulary") }
        var tokens: [(String, Int32)] = []
        tokens.reserveCapacity(members.count)
        for (token, value) in members {
            guard let id = value.int32 else { throw malformed("the id of \(token) is no number") }
            tokens.append((token, id))
        }
        return tokens
    }
}
