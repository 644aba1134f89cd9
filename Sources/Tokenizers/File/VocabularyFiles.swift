import FoundationEssentials

/// The files of before `tokenizer.json`: `vocab.txt`, one token a line, for WordPiece; `vocab.json` with
/// `merges.txt` for byte-level BPE. Options are in `tokenizer_config.json`.
struct VocabularyFiles {
    let folder: String

    /// - Returns: `nil` where there are none.
    func tokenizer() throws(TokenizerFileError) -> (any Tokenizer)? {
        if let data = contents("vocab.txt") { return try wordPiece(data) }
        guard let vocabulary = try TokenizerFile(path: folder + "/vocab.json"),
            let merges = contents("merges.txt")
        else { return nil }
        return try byteLevel(vocabulary, merges)
    }

    private func contents(_ name: String) -> Data? {
        FileManager.default.contents(atPath: folder + "/" + name)
    }

    private func option(_ name: String) -> Bool? {
        contents("tokenizer_config.json").flatMap { try? JSONReader.value(of: [UInt8]($0)) }?[name]?.bool
    }

    private func lines(_ data: Data, _ file: String) throws(TokenizerFileError) -> [String] {
        guard let text = String(data: data, encoding: .utf8) else {
            throw .malformed(file: file, reason: "it is not UTF-8")
        }
        // Scalar by scalar: to Swift, CR LF is one character, and no line break.
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0.last == "\r" ? $0.dropLast() : $0)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private func wordPiece(_ data: Data) throws(TokenizerFileError) -> WordPiece {
        let file = folder + "/vocab.txt"
        let lowers = option("do_lower_case") ?? true
        let vocabulary = Vocabulary(tokens: try lines(data, file))
        func id(_ token: String) throws(TokenizerFileError) -> Int32 {
            guard let id = vocabulary.id(of: token) else {
                throw .malformed(file: file, reason: "it lacks \(token)")
            }
            return id
        }
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { token in
            vocabulary.id(of: token).map { AddedToken(id: $0, content: Array(token.utf8)) }
        }
        return WordPiece(
            vocabulary: vocabulary,
            splitter: WordSplitter(BertNormalizer(stripsAccents: lowers, lowercases: lowers)),
            postProcessor: PostProcessor(template: .bert(cls: try id("[CLS]"), sep: try id("[SEP]"))),
            decoder: TokenDecoder(kind: .text(.wordPiece(prefix: "##", cleansUp: true))),
            addedTokens: AddedVocabulary(special), normalizedTokens: AddedVocabulary([]),
            specialIDs: Set(special.map(\.id)), unknownID: try id("[UNK]"), maximumWordLength: 100)
    }

    /// GPT-2's, or RoBERTa's where there are `<s>` and `</s>`: the same tokens, but texts stand between
    /// these, offsets leave spaces out, and `<mask>` takes the space before it in.
    private func byteLevel(_ file: TokenizerFile, _ merges: Data) throws(TokenizerFileError)
        -> SubwordTokenizer
    {
        let mergesFile = folder + "/merges.txt"
        var tokens: [(String, Int32)] = []
        for (token, value) in file.root.object ?? [] {
            guard let id = value.int32 else { throw file.malformed("the id of \(token) is no number") }
            tokens.append((token, id))
        }
        let vocabulary = try file.vocabulary(tokens, [], continuingPrefix: "")
        var pairs: [(String, String)] = []
        for line in try lines(merges, mergesFile) where !line.hasPrefix("#version") {
            let parts = TokenizerFile.parts(line)
            guard parts.count == 2 else {
                throw .malformed(file: mergesFile, reason: "\"\(line)\" is no pair of tokens")
            }
            pairs.append((parts[0], parts[1]))
        }
        let table = TokenTable(tokens.map { (Array($0.0.utf8), $0.1) })
        let bpe = BPE(
            tokens: tokens, merges: try TokenizerFile.merges(pairs, table, prefix: "", mergesFile),
            options: BPE.Options(isByteLevel: true))
        let addsPrefixSpace = option("add_prefix_space") ?? false
        var processor = PostProcessor(template: .bare)
        if let cls = vocabulary.id(of: "<s>"), let sep = vocabulary.id(of: "</s>") {
            processor = PostProcessor(
                template: .roberta(cls: cls, sep: sep),
                trimming: PostProcessor.Trimming(addsPrefixSpace: addsPrefixSpace))
        }
        let special = ["<|endoftext|>", "<s>", "<pad>", "</s>", "<unk>", "<mask>"].compactMap { token in
            vocabulary.id(of: token).map {
                AddedToken(id: $0, content: Array(token.utf8), stripsLeft: token == "<mask>")
            }
        }
        return SubwordTokenizer(
            vocabulary: vocabulary, normalizer: nil,
            preTokenizers: [.byteLevel(ByteLevel(addsPrefixSpace: addsPrefixSpace))], model: .bpe(bpe),
            postProcessor: processor, decoder: TokenDecoder(kind: .byteLevel),
            addedTokens: AddedVocabulary(special), normalizedTokens: AddedVocabulary([]),
            specialIDs: Set(special.map(\.id)), unknown: nil)
    }
}
