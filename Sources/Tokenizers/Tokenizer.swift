/// Turns text into what a network reads, and back. Immutable: one serves any number of tasks.
public protocol Tokenizer: Sendable {
    var vocabulary: Vocabulary { get }

    /// The ids that stand for no text, such as `[SEP]`.
    var specialIDs: Set<Int32> { get }

    /// - Parameters:
    ///   - pair: the second text of a pair.
    ///   - maximumLength: in tokens, special ones included; what is longer is cut.
    func encode(_ text: String, pair: String?, maximumLength: Int) -> Encoding

    /// All of a text that is too long, in windows that overlap: the first as `encode` gives it, then those
    /// of `return_overflowing_tokens` in Hugging Face's `tokenizers`, in its order.
    ///
    /// Offsets and word ids count from the beginning of the text in each window.
    ///
    /// - Throws: `TruncationError`.
    func windows(
        _ text: String, pair: String?, truncation: Truncation
    ) throws(TruncationError) -> [Encoding]

    /// The text of ids as they come, one after the other.
    ///
    /// - Parameter skipsSpecial: whether special tokens are left out.
    func textStream(skipsSpecial: Bool) -> TextStream
}

extension Tokenizer {
    /// The text that ids stand for; special tokens are left out.
    public func decode(_ ids: [Int32]) -> String { decode(ids, skipsSpecial: true) }

    /// The text that ids stand for.
    ///
    /// - Parameter skipsSpecial: whether special tokens are left out.
    public func decode(_ ids: [Int32], skipsSpecial: Bool) -> String {
        var stream = textStream(skipsSpecial: skipsSpecial)
        var text = ""
        for id in ids { text += stream.append(id) }
        return text + stream.finish()
    }
}

/// Loads the tokenizer of a model folder: `tokenizer.json`, or else `vocab.txt` (WordPiece), or else
/// `vocab.json` with `merges.txt` (byte-level BPE).
///
/// - Throws: `TokenizerFileError`.
public func loadTokenizer(folder: String) throws(TokenizerFileError) -> any Tokenizer {
    try TokenizerFile.tokenizer(folder: folder)
}
