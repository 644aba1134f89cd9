extension TokenizerFile {
    /// A tokenizer whose model is BPE or Unigram.
    func subwords(_ model: JSONValue) throws(TokenizerFileError) -> SubwordTokenizer {
        let normalizer = try root["normalizer"].map { value throws(TokenizerFileError) in
            try self.normalizer(value)
        }
        let preTokenizers = try preTokenizers(root["pre_tokenizer"])
        let isByteLevel = preTokenizers.contains { if case .byteLevel = $0 { true } else { false } }
        let own: [(String, Int32)]
        let subwords: SubwordTokenizer.Model
        let unknown: Int32?
        if model["type"]?.string == "Unigram" {
            guard !isByteLevel else {
                throw unsupported("pre_tokenizer", "ByteLevel", "Metaspace for Unigram")
            }
            (own, subwords, unknown) = try unigram(model)
        } else {
            own = try tokens(model)
            let bpe = try bpe(model, own, isByteLevel: isByteLevel)
            (subwords, unknown) = (.bpe(bpe), bpe.options.unknown)
        }
        let additions = try additions()
        let normalized = additions.filter(\.isNormalized).map { addition in
            var token = addition.token
            if let normalizer { token.content = normalizer.normalized(token.content) }
            return token
        }
        var decoder = try decoder()
        for token in normalized {
            decoder.spellings[token.id] = String(decoding: token.content, as: UTF8.self)
        }
        return SubwordTokenizer(
            vocabulary: try vocabulary(own, additions, continuingPrefix: ""), normalizer: normalizer,
            preTokenizers: preTokenizers, model: subwords, postProcessor: try postProcessor(),
            decoder: decoder,
            addedTokens: AddedVocabulary(additions.filter { !$0.isNormalized }.map(\.token)),
            normalizedTokens: AddedVocabulary(normalized),
            specialIDs: Set(additions.filter(\.isSpecial).map(\.token.id)), unknown: unknown)
    }

    private func unigram(
        _ model: JSONValue
    ) throws(TokenizerFileError) -> ([(String, Int32)], SubwordTokenizer.Model, Int32?) {
        guard let entries = model["vocab"]?.array else { throw malformed("it has no vocabulary") }
        var tokens: [(String, Double)] = []
        tokens.reserveCapacity(entries.count)
        for entry in entries {
            guard let pair = entry.array, pair.count == 2, let token = pair[0].string,
                let score = pair[1].number
            else { throw malformed("an entry of its vocabulary is no token with a score") }
            tokens.append((token, score))
        }
        guard let unknown = model["unk_id"]?.int32, tokens.indices.contains(Int(unknown)) else {
            throw malformed("it lacks its unknown token")
        }
        let unigram = Unigram(
            tokens: tokens, unknown: unknown, fallsBackToBytes: model["byte_fallback"]?.bool ?? false)
        return (tokens.enumerated().map { ($1.0, Int32($0)) }, .unigram(unigram), unknown)
    }

    private func bpe(
        _ model: JSONValue, _ tokens: [(String, Int32)], isByteLevel: Bool
    ) throws(TokenizerFileError) -> BPE {
        if let dropout = model["dropout"]?.number, dropout > 0 {
            throw unsupported(
                "model", "BPE with dropout", "BPE without, which gives the same tokens each time")
        }
        let table = TokenTable(tokens.map { (Array($0.0.utf8), $0.1) })
        let prefix = model["continuing_subword_prefix"]?.string ?? ""
        guard let merges = model["merges"]?.array else { throw malformed("it has no merges") }
        var pairs: [(String, String)] = []
        pairs.reserveCapacity(merges.count)
        for merge in merges {
            // Either "a b" or ["a", "b"].
            let parts = merge.string.map(Self.parts) ?? merge.array?.compactMap(\.string) ?? []
            guard parts.count == 2 else { throw malformed("a merge is no pair of tokens") }
            pairs.append((parts[0], parts[1]))
        }
        var unknown: Int32?
        if let token = model["unk_token"]?.string {
            unknown = table.id(of: Array(token.utf8))
            if unknown == nil { throw malformed("it lacks its unknown token \(token)") }
        }
        return BPE(
            tokens: tokens, merges: try Self.merges(pairs, table, prefix: prefix, path),
            options: BPE.Options(
                isByteLevel: isByteLevel, unknown: unknown, fusesUnknown: model["fuse_unk"]?.bool ?? false,
                fallsBackToBytes: model["byte_fallback"]?.bool ?? false,
                ignoresMerges: model["ignore_merges"]?.bool ?? false, continuingPrefix: prefix,
                wordSuffix: model["end_of_word_suffix"]?.string ?? ""))
    }

    /// What stands between spaces. Scalar by scalar: to Swift, a mark and the space before it are one
    /// character, and no space.
    static func parts(_ line: String) -> [String] {
        line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
    }

    /// Merges as ids: what comes of a pair is the token of both in one.
    static func merges(
        _ pairs: [(String, String)], _ table: TokenTable, prefix: String, _ path: String
    ) throws(TokenizerFileError) -> [(left: Int32, right: Int32, id: Int32)] {
        var merges: [(left: Int32, right: Int32, id: Int32)] = []
        merges.reserveCapacity(pairs.count)
        for (left, right) in pairs {
            let (left, right) = (Array(left.utf8), Array(right.utf8))
            guard let a = table.id(of: left), let b = table.id(of: right),
                let whole = table.id(of: left + right.dropFirst(prefix.utf8.count))
            else {
                let name = String(decoding: left + [0x20] + right, as: UTF8.self)
                throw .malformed(file: path, reason: "the merge \"\(name)\" leads out of its vocabulary")
            }
            merges.append((a, b, whole))
        }
        return merges
    }
}
