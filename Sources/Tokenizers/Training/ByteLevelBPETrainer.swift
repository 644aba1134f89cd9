/// Learns the vocabulary of GPT-2 or RoBERTa from text, line by line: words as GPT-2's pattern cuts them, in
/// bytes, then merges as `BpeTrainer` of Hugging Face's `tokenizers` learns them with all bytes as initial
/// alphabet. The same lines give the same vocabulary and merges there and here.
///
/// `tokenizers` counts pairs in 32 bits, which more than two thousand million of one pair overflow; here
/// they are counted right.
public struct ByteLevelBPETrainer: Sendable {
    /// What the tokens are for: which special ones there are, and what stands around a text.
    public enum Style: Sendable {
        /// `<|endoftext|>`, and nothing around a text.
        case gpt2
        /// `<s>`, `<pad>`, `</s>`, `<unk>`, `<mask>`; a text stands between `<s>` and `</s>`.
        case roberta

        public var specialTokens: [String] {
            switch self {
            case .gpt2: ["<|endoftext|>"]
            case .roberta: ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
            }
        }
    }

    /// In tokens, special ones and the 256 bytes included.
    public var vocabularySize: Int
    /// Pairs of tokens that are rarer do not become one.
    public var minimumFrequency: Int
    private let style: Style
    private let addsPrefixSpace: Bool
    private var words = WordCounts()

    /// - Parameter addsPrefixSpace: whether a text that begins without a space gets one, so that its first
    ///   word is like all others.
    public init(style: Style, vocabularySize: Int, minimumFrequency: Int, addsPrefixSpace: Bool) {
        self.style = style
        self.vocabularySize = vocabularySize
        self.minimumFrequency = minimumFrequency
        self.addsPrefixSpace = addsPrefixSpace
    }

    /// How many different words were seen; memory goes with their number.
    public var distinctWordCount: Int { words.count }

    public mutating func add(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var cut = Words(unsafe AlignedText(bytes, first: 0))
            ByteLevel(addsPrefixSpace: addsPrefixSpace).cut(&cut)
            unsafe cut.text.bytes.withUnsafeBufferPointer { text in
                for word in cut.ranges { unsafe words.add(UnsafeBufferPointer(rebasing: text[word])) }
            }
        }
    }

    public func train() -> TrainedTokenizer {
        let training = PairTraining(
            vocabularySize: vocabularySize, minimumFrequency: minimumFrequency,
            firstTokens: style.specialTokens, initialAlphabet: ByteLevel.scalars)
        let result = training.train(words) { $0.map { ByteLevel.scalars[Int($0)] } }
        let tokens = result.tokens.map { String(decoding: $0, as: UTF8.self) }
        return TrainedTokenizer(
            kind: .byteLevelBPE(style, addsPrefixSpace: addsPrefixSpace), specialTokens: style.specialTokens,
            tokens: tokens, merges: result.merges.map { (tokens[Int($0.left)], tokens[Int($0.right)]) })
    }
}
