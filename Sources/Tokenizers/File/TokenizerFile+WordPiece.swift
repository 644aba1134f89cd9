extension TokenizerFile {
    func wordPiece(_ model: JSONValue) throws(TokenizerFileError) -> WordPiece {
        func require(_ component: String, _ key: String, _ supported: String) throws(TokenizerFileError) {
            guard let found = root[key]?["type"]?.string, found != supported else { return }
            throw unsupported(component, found, "\(supported) for WordPiece")
        }
        try require("normalizer", "normalizer", "BertNormalizer")
        try require("pre_tokenizer", "pre_tokenizer", "BertPreTokenizer")
        let additions = try additions()
        let prefix = model["continuing_subword_prefix"]?.string ?? "##"
        let vocabulary = try vocabulary(try tokens(model), additions, continuingPrefix: prefix)
        guard let unknown = vocabulary.id(of: model["unk_token"]?.string ?? "[UNK]") else {
            throw malformed("it lacks its unknown token")
        }
        let normalizer = root["normalizer"]
        let lowers = normalizer?["lowercase"]?.bool ?? true
        let bert = BertNormalizer(
            cleansText: normalizer?["clean_text"]?.bool ?? true,
            handlesChinese: normalizer?["handle_chinese_chars"]?.bool ?? true,
            stripsAccents: normalizer?["strip_accents"]?.bool ?? lowers, lowercases: lowers)
        var processor = try postProcessor()
        if root["post_processor"] == nil {
            guard let cls = vocabulary.id(of: "[CLS]"), let sep = vocabulary.id(of: "[SEP]") else {
                throw malformed("it lacks [CLS] or [SEP]")
            }
            processor.template = .bert(cls: cls, sep: sep)
        }
        var decoder = try decoder()
        if root["decoder"] == nil {
            decoder.kind = .text(.wordPiece(prefix: prefix, cleansUp: false))
        }
        let normalized = additions.filter(\.isNormalized).map { $0.token.normalized(by: bert) }
        for token in normalized {
            decoder.spellings[token.id] = String(decoding: token.content, as: UTF8.self)
        }
        return WordPiece(
            vocabulary: vocabulary, splitter: WordSplitter(bert), postProcessor: processor, decoder: decoder,
            addedTokens: AddedVocabulary(additions.filter { !$0.isNormalized }.map(\.token)),
            normalizedTokens: AddedVocabulary(normalized),
            specialIDs: Set(additions.filter(\.isSpecial).map(\.token.id)), unknownID: unknown,
            maximumWordLength: model["max_input_chars_per_word"]?.int ?? 100)
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
