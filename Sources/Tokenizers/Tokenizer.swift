/// Turns text into what a network reads, and back. Immutable: one serves any number of tasks.
public protocol Tokenizer: Sendable {
    var vocabulary: Vocabulary { get }

    /// - Parameters:
    ///   - pair: the second text of a pair.
    ///   - maximumLength: in tokens, special ones included; what is longer is cut.
    func encode(_ text: String, pair: String?, maximumLength: Int) -> Encoding

    /// The text that ids stand for; special tokens are left out.
    func decode(_ ids: [Int32]) -> String
}

/// Loads the tokenizer of a model folder: `tokenizer.json`, or else `vocab.txt`.
///
/// - Throws: `TokenizerFileError`.
public func loadTokenizer(folder: String) throws(TokenizerFileError) -> any Tokenizer {
    try TokenizerFile.tokenizer(folder: folder)
}
