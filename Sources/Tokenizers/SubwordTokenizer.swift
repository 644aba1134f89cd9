/// A tokenizer put together from parts, as `tokenizer.json` names them: normalizer, pre-tokenizer, model,
/// post-processor and decoder. (Byte-level BPE of GPT-2 and RoBERTa; Unigram of XLM-R, T5 and ALBERT.)
///
/// `WordPiece` does the same for BERT in one pass.
struct SubwordTokenizer: PieceTokenizer {
    enum Model: Sendable {
        case bpe(BPE)
        case unigram(Unigram)
    }

    let vocabulary: Vocabulary
    let normalizer: Normalizer?
    let preTokenizers: [PreTokenizer]
    let model: Model
    let postProcessor: PostProcessor
    let decoder: TokenDecoder
    /// Tokens that are found in the text as it came, such as `<s>`.
    let addedTokens: AddedVocabulary
    /// Tokens that are found in the normalized text.
    let normalizedTokens: AddedVocabulary
    let specialIDs: Set<Int32>
    let unknown: Int32?
    /// The spaces in each token, by id; empty where offsets are not trimmed.
    private let margins: [Pieces.Margins]

    init(
        vocabulary: Vocabulary, normalizer: Normalizer?, preTokenizers: [PreTokenizer], model: Model,
        postProcessor: PostProcessor, decoder: TokenDecoder, addedTokens: AddedVocabulary,
        normalizedTokens: AddedVocabulary, specialIDs: Set<Int32>, unknown: Int32?
    ) {
        self.vocabulary = vocabulary
        self.normalizer = normalizer
        self.preTokenizers = preTokenizers
        self.model = model
        self.postProcessor = postProcessor
        self.decoder = decoder
        self.addedTokens = addedTokens
        self.normalizedTokens = normalizedTokens
        self.specialIDs = specialIDs
        self.unknown = unknown
        margins = postProcessor.trimming == nil ? [] : vocabulary.tokens.map(Self.margins)
    }

    private static func margins(of token: String) -> Pieces.Margins {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar == ByteLevel.scalars[0x20] || scalar.properties.isWhitespace
        }
        return Pieces.Margins(
            leading: Int32(token.unicodeScalars.prefix(while: isSpace).count),
            trailing: Int32(token.unicodeScalars.reversed().prefix(while: isSpace).count))
    }

    /// What one text is cut into, and the memory that its words share.
    private struct Run {
        var pieces = Pieces()
        var word: Int32 = 0
        var symbols = BPE.Word()
        var lattice = Unigram.Lattice()
    }

    func pieces(of text: String) -> Pieces {
        var text = text
        return text.withUTF8 { bytes in
            var run = Run()
            run.pieces.reserve(bytes.count / 4)
            var (position, scalar) = (0, 0)
            unsafe addedTokens.split(bytes) { part, id in
                // A token may begin in the white space that the one before it took in.
                scalar +=
                    unsafe position <= part.lowerBound
                    ? UTF8Scalars.count(bytes[position..<part.lowerBound])
                    : -UTF8Scalars.count(bytes[part.lowerBound..<position])
                position = part.lowerBound
                let section = unsafe UnsafeBufferPointer(rebasing: bytes[part])
                if let id {
                    let end = unsafe scalar + UTF8Scalars.count(bytes[part])
                    unsafe append(added: id, String(decoding: section, as: UTF8.self), scalar..<end, &run)
                } else {
                    unsafe cut(AlignedText(section, first: scalar), &run)
                }
            }
            return run.pieces
        }
    }

    private func append(
        added id: Int32, _ text: @autoclosure () -> String, _ range: Range<Int>, _ run: inout Run
    ) {
        run.pieces.append(id, range, word: run.word)
        if !margins.isEmpty { run.pieces.margins.append(Self.margins(of: text())) }
        run.word += 1
    }

    /// Cuts a part of a text that holds none of `addedTokens`.
    private func cut(_ part: AlignedText, _ run: inout Run) {
        let text = normalizer?.normalized(part) ?? part
        guard !normalizedTokens.isEmpty else { return cutWords(of: text, &run) }
        unsafe text.bytes.withUnsafeBufferPointer { bytes in
            unsafe normalizedTokens.split(bytes) { part, id in
                guard !part.isEmpty else { return }
                if let id {
                    append(
                        added: id, String(decoding: text.bytes[part], as: UTF8.self), text.origin(of: part),
                        &run)
                } else {
                    cutWords(of: text[part], &run)
                }
            }
        }
    }

    private func cutWords(of text: AlignedText, _ run: inout Run) {
        var words = Words(text)
        for preTokenizer in preTokenizers { preTokenizer.cut(&words) }
        let text = words.text
        unsafe text.bytes.withUnsafeBufferPointer { bytes in
            for word in words.ranges {
                let part = unsafe UnsafeBufferPointer(rebasing: bytes[word])
                let number = run.word
                run.word += 1
                func emit(_ id: Int32, _ part: Range<Int>, _ pieces: inout Pieces) {
                    let place = text.origin(
                        of: part.lowerBound + word.lowerBound..<part.upperBound + word.lowerBound)
                    pieces.append(id, place, word: number)
                    if !margins.isEmpty { pieces.margins.append(margins[Int(id)]) }
                }
                switch model {
                case .bpe(let bpe):
                    unsafe bpe.forEachToken(of: part, &run.symbols) { emit($0, $1, &run.pieces) }
                case .unigram(let unigram):
                    unsafe unigram.forEachToken(of: part, &run.lattice) { emit($0, $1, &run.pieces) }
                }
            }
        }
    }
}
