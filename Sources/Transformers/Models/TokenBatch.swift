public import Tokenizers

/// Sentences as the network reads them: all tokens one after another, and where each sentence begins.
public struct TokenBatch: Sendable, Equatable {
    public var ids: [Int32] = []
    public var typeIDs: [Int32] = []
    /// Begins with 0, ends with the number of tokens.
    public var offsets: [Int] = [0]

    public init() {}

    public init(_ encodings: some Sequence<Encoding>) {
        for encoding in encodings { append(encoding) }
    }

    /// One token a sequence: how a head is shown what is pooled already.
    public static func single(_ count: Int) -> TokenBatch {
        var batch = TokenBatch()
        batch.ids = [Int32](repeating: 0, count: count)
        batch.typeIDs = batch.ids
        batch.offsets = Array(0...count)
        return batch
    }

    public mutating func append(_ encoding: Encoding) {
        ids += encoding.ids
        typeIDs += encoding.typeIDs
        offsets.append(ids.count)
    }

    /// Where each token stands in its sentence, from 0.
    var places: [Int32] {
        zip(offsets, offsets.dropFirst()).flatMap { 0..<Int32($1 - $0) }
    }

    public var tokens: Int { ids.count }
    public var sequences: Int { offsets.count - 1 }
}
