extension TokenizerFile {
    // MARK: Normalizers

    func normalizer(_ value: JSONValue) throws(TokenizerFileError) -> Normalizer {
        switch value["type"]?.string ?? "without a type" {
        case "Sequence":
            var steps: [Normalizer] = []
            for step in value["normalizers"]?.array ?? [] { steps.append(try normalizer(step)) }
            return .sequence(steps)
        case "NFC": return .unicode(.nfc)
        case "NFD": return .unicode(.nfd)
        case "NFKC": return .unicode(.nfkc)
        case "NFKD": return .unicode(.nfkd)
        case "Lowercase": return .lowercase
        case "StripAccents": return .stripAccents
        case "Nmt": return .nmt
        case "Strip":
            return .strip(
                left: value["strip_left"]?.bool ?? true, right: value["strip_right"]?.bool ?? true)
        case "Prepend": return .prepend(value["prepend"]?.string ?? "")
        case "Replace": return .replace(try pattern(value), with: value["content"]?.string ?? "")
        case "Precompiled":
            guard let map = CharacterMap(base64: value["precompiled_charsmap"]?.string ?? "") else {
                throw malformed("its precompiled_charsmap cannot be read")
            }
            return .precompiled(map)
        case let other:
            throw unsupported(
                "normalizer", other,
                "NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend, Precompiled, Nmt or "
                    + "a Sequence of these, and BertNormalizer for WordPiece")
        }
    }

    private func pattern(_ value: JSONValue) throws(TokenizerFileError) -> Pattern {
        if let string = value["pattern"]?["String"]?.string { return .string(Array(string.utf8)) }
        let regex = value["pattern"]?["Regex"]?.string ?? ""
        guard let pattern = Pattern(regex: regex) else {
            throw unsupported(
                "pattern of Replace", regex, "a string, or one character with + or {m,n} behind it")
        }
        return pattern
    }

    // MARK: Pre-tokenizers

    func preTokenizers(_ value: JSONValue?) throws(TokenizerFileError) -> [PreTokenizer] {
        guard let value else { return [] }
        var steps: [PreTokenizer] = []
        switch value["type"]?.string ?? "without a type" {
        case "Sequence":
            for step in value["pretokenizers"]?.array ?? [] {
                if case .byteLevel = steps.last {
                    throw unsupported(
                        "pre_tokenizer", "Sequence with ByteLevel in its midst", "ByteLevel last")
                }
                steps += try preTokenizers(step)
            }
        case "WhitespaceSplit": steps = [.whitespaceSplit]
        case "Digits": steps = [.digits(individual: value["individual_digits"]?.bool ?? false)]
        case "ByteLevel":
            steps = [
                .byteLevel(
                    ByteLevel(
                        addsPrefixSpace: value["add_prefix_space"]?.bool ?? true,
                        usesPattern: value["use_regex"]?.bool ?? true))
            ]
        case "Metaspace": steps = [.metaspace(try metaspace(value))]
        case let other:
            throw unsupported(
                "pre_tokenizer", other,
                "ByteLevel, Metaspace, WhitespaceSplit, Digits or a Sequence of these, and BertPreTokenizer for "
                    + "WordPiece")
        }
        return steps
    }

    /// Files of before 2024 say `add_prefix_space`, later ones `prepend_scheme`.
    private func metaspace(_ value: JSONValue) throws(TokenizerFileError) -> Metaspace {
        var metaspace = Metaspace()
        if let mark = value["replacement"]?.string?.unicodeScalars.first { metaspace.replacement = mark }
        if let name = value["prepend_scheme"]?.string {
            guard let scheme = Metaspace.PrependScheme(rawValue: name) else {
                throw unsupported("prepend_scheme", name, "always, first or never")
            }
            metaspace.prependScheme = scheme
        }
        if value["add_prefix_space"]?.bool == false { metaspace.prependScheme = .never }
        metaspace.splits = value["split"]?.bool ?? true
        return metaspace
    }

    // MARK: Post-processors

    func postProcessor() throws(TokenizerFileError) -> PostProcessor {
        var result = PostProcessor(template: .bare)
        if let value = root["post_processor"] { try apply(value, to: &result) }
        return result
    }

    private func apply(_ value: JSONValue, to result: inout PostProcessor) throws(TokenizerFileError) {
        func trim() {
            guard value["trim_offsets"]?.bool ?? true else { return }
            result.trimming = PostProcessor.Trimming(
                addsPrefixSpace: value["add_prefix_space"]?.bool ?? true)
        }
        func id(_ name: String) throws(TokenizerFileError) -> Int32 {
            guard let pair = value[name]?.array, pair.count == 2, let id = pair[1].int32 else {
                throw malformed("its post-processor has no \(name)")
            }
            return id
        }
        switch value["type"]?.string ?? "without a type" {
        case "Sequence":
            for step in value["processors"]?.array ?? [] { try apply(step, to: &result) }
        case "ByteLevel": trim()
        case "RobertaProcessing":
            trim()
            result.template = .roberta(cls: try id("cls"), sep: try id("sep"))
        case "BertProcessing": result.template = .bert(cls: try id("cls"), sep: try id("sep"))
        case "TemplateProcessing": result.template = try template(value)
        case let other:
            throw unsupported(
                "post_processor", other,
                "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or a Sequence of these")
        }
    }

    private func template(_ value: JSONValue) throws(TokenizerFileError) -> Template {
        func pieces(_ name: String) throws(TokenizerFileError) -> [Template.Piece] {
            guard let parts = value[name]?.array else { throw malformed("its template has no \(name)") }
            var pieces: [Template.Piece] = []
            for part in parts {
                let typeID = (part["SpecialToken"] ?? part["Sequence"])?["type_id"]?.int32 ?? 0
                if let token = part["SpecialToken"]?["id"]?.string {
                    guard let ids = value["special_tokens"]?[token]?["ids"]?.array?.compactMap(\.int32),
                        !ids.isEmpty
                    else { throw malformed("its template names the unknown token \(token)") }
                    pieces += ids.map { .special(id: $0, typeID: typeID) }
                } else if let sequence = part["Sequence"]?["id"]?.string {
                    pieces.append(sequence == "A" ? .first(typeID: typeID) : .second(typeID: typeID))
                } else {
                    throw malformed("its template has an empty piece")
                }
            }
            return pieces
        }
        return Template(single: try pieces("single"), pair: try pieces("pair"))
    }

    // MARK: Decoders

    func decoder() throws(TokenizerFileError) -> TokenDecoder {
        var decoder = TokenDecoder(kind: .text(.plain(separator: " ")))
        if let value = root["decoder"] {
            decoder.kind = .text(.plain(separator: ""))
            try apply(value, to: &decoder)
        }
        return decoder
    }

    private func apply(_ value: JSONValue, to decoder: inout TokenDecoder) throws(TokenizerFileError) {
        switch value["type"]?.string ?? "without a type" {
        case "Sequence":
            for step in value["decoders"]?.array ?? [] { try apply(step, to: &decoder) }
        case "ByteLevel": decoder.kind = .byteLevel
        case "WordPiece":
            decoder.kind = .text(
                .wordPiece(
                    prefix: value["prefix"]?.string ?? "##", cleansUp: value["cleanup"]?.bool ?? true))
        case "Metaspace":
            let metaspace = try metaspace(value)
            decoder.kind = .text(
                .metaspace(metaspace.replacement, dropsFirst: metaspace.prependScheme != .never))
        case "Replace":
            guard let pattern = value["pattern"]?["String"]?.string else {
                throw unsupported("pattern of the decoder Replace", "Regex", "a string")
            }
            decoder.replacements.append(
                TokenDecoder.Replacement(pattern: pattern, content: value["content"]?.string ?? ""))
        case "ByteFallback": decoder.fallsBackToBytes = true
        // The text is one anyway.
        case "Fuse": break
        case "Strip":
            guard let content = value["content"]?.string?.unicodeScalars.first, value["stop"]?.int ?? 0 == 0
            else {
                throw unsupported("decoder", "Strip at the end", "Strip at the beginning")
            }
            decoder.stripped = TokenDecoder.Strip(scalar: content, count: value["start"]?.int ?? 0)
        case let other:
            throw unsupported(
                "decoder", other,
                "ByteLevel, WordPiece, Metaspace, Replace, ByteFallback, Fuse, Strip or a Sequence of these")
        }
    }
}
