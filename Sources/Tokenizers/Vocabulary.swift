/// All tokens and their ids, found by their bytes.
public struct Vocabulary: Sendable {
    /// By id.
    public let tokens: [String]
    private let table: TokenTable
    /// Tokens that continue a word, without their `##`.
    private let continuations: TokenTable
    /// Tokens that are no piece of any word.
    private let outsiders: TokenTable

    /// - Parameter outsiders: ids of tokens that words are not cut into: they were added to the
    ///   tokenizer, not to its model.
    public init(tokens: [String], continuingPrefix: String = "##", outsiders: Set<Int32> = []) {
        self.tokens = tokens
        let all = tokens.enumerated().map { (Array($1.utf8), Int32($0)) }
        let entries = outsiders.isEmpty ? all : all.filter { !outsiders.contains($0.1) }
        let prefix = Array(continuingPrefix.utf8)
        table = TokenTable(entries)
        self.outsiders = TokenTable(all.filter { outsiders.contains($0.1) })
        continuations = TokenTable(
            entries.filter { !prefix.isEmpty && $0.0.starts(with: prefix) && $0.0.count > prefix.count }
                .map { (Array($0.0.dropFirst(prefix.count)), $0.1) })
    }

    public var count: Int { tokens.count }

    /// The id of a whole token.
    public func id(of token: String) -> Int32? {
        let bytes = Array(token.utf8)
        return unsafe bytes.withUnsafeBufferPointer {
            unsafe table.find($0, TokenTable.hash($0)) ?? outsiders.find($0, TokenTable.hash($0))
        }
    }

    /// The id of a piece of a word, whose hash is known.
    func piece(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64, continues: Bool) -> Int32? {
        unsafe continues ? continuations.find(bytes, hash) : table.find(bytes, hash)
    }
}
