/// Learns BERT's vocabulary from text, line by line: words as `BertNormalizer` and `BertPreTokenizer` cut
/// them, then pieces as `WordPieceTrainer` of Hugging Face's `tokenizers` learns them, which merges the most
/// frequent pairs of symbols.
///
/// `tokenizers` numbers the symbols that continue a word by chance; here they go by code point. Given those
/// in the same order (as `reservedTokens` here, as special tokens there) both learn the same vocabulary.
///
///     var trainer = WordPieceTrainer(vocabularySize: 8_000, minimumFrequency: 2, lowercases: true)
///     for line in lines { trainer.add(line) }
///     try trainer.train().write(folder: "model")
public struct WordPieceTrainer: Sendable {
    /// `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`, `[MASK]`, which get the first ids.
    public static let specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

    /// In tokens, special ones included; an alphabet that is larger stays whole.
    public var vocabularySize: Int
    /// Pairs of pieces that are rarer do not become one.
    public var minimumFrequency: Int
    /// How many different scalars there may be; the rarest are unknown afterwards.
    public var alphabetLimit: Int?
    /// Tokens that come behind the special ones, whether they are seen or not: `[unused1]`, a trade's own
    /// words, or symbols such as `##a` in an order of one's own.
    public var reservedTokens: [String] = []
    private let lowercases: Bool
    private let splitter: WordSplitter
    private var words = WordCounts()

    /// - Parameter lowercases: whether letters are lowered and accents stripped, now and when the
    ///   vocabulary is used.
    public init(vocabularySize: Int, minimumFrequency: Int, lowercases: Bool) {
        self.vocabularySize = vocabularySize
        self.minimumFrequency = minimumFrequency
        self.lowercases = lowercases
        splitter = WordSplitter(BertNormalizer(stripsAccents: lowercases, lowercases: lowercases))
    }

    /// How many different words were seen; memory goes with their number.
    public var distinctWordCount: Int { words.count }

    public mutating func add(_ line: String) {
        var line = line
        let splitter = splitter
        line.withUTF8 { bytes in
            func count(_ word: borrowing WordSplitter.Word) {
                unsafe word.bytes.withUnsafeBufferPointer { unsafe words.add($0) }
            }
            if unsafe splitter.normalizer.reorders(bytes) {
                let text = unsafe splitter.normalizer.normalized(bytes, first: 0)
                splitter.split(text, 0..<text.bytes.count, count)
            } else {
                unsafe splitter.split(bytes, first: 0, count)
            }
        }
    }

    public func train() -> TrainedTokenizer {
        let training = PairTraining(
            vocabularySize: vocabularySize, minimumFrequency: minimumFrequency,
            firstTokens: Self.specialTokens + reservedTokens, continuingPrefix: "##",
            alphabetLimit: alphabetLimit)
        let result = training.train(words) { Array(String(decoding: $0, as: UTF8.self).unicodeScalars) }
        return TrainedTokenizer(
            kind: .wordPiece(lowercases: lowercases), specialTokens: Self.specialTokens,
            tokens: result.tokens.map { String(decoding: $0, as: UTF8.self) }, merges: [])
    }
}
