public import Tensors

/// The sum of what a token is, where it stands and which text it belongs to, normalized.
///
/// e = LayerNorm(word[id] + position[i] + type[t]) (Devlin et al.,
/// [arXiv:1810.04805](https://arxiv.org/abs/1810.04805), figure 2).
public struct Embedding: Sendable {
    /// [v, d].
    public var word: Matrix
    /// [maximum length, d].
    public var position: Matrix
    /// [types, d].
    public var type: Matrix
    public var norm: LayerNorm
    /// Whether nothing of it gets a gradient.
    public var isFrozen = false

    static let dropoutSite = 0

    public init(_ configuration: ModelConfiguration) {
        let d = configuration.hiddenSize
        word = Matrix(rows: configuration.vocabularySize, columns: d)
        position = Matrix(rows: configuration.maximumPositions, columns: d)
        type = Matrix(rows: configuration.typeVocabularySize, columns: d)
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "LayerNorm")
    }

    /// The three embeddings of each token, added: [n, d].
    func sum(_ batch: TokenBatch) -> Matrix {
        Self.sum(batch, words: Activations(word, .f32), position: position, type: type)
    }

    /// A model that knows one type of text reads both texts of a pair as that type.
    static func sum(
        _ batch: TokenBatch, words: Activations, position: Matrix, type: Matrix
    ) -> Matrix {
        var result = words.gathered(batch.ids)
        result.addGathered(position, batch.places)
        result.addGathered(type, batch.typeIDs.map { min($0, Int32(type.rows - 1)) })
        return result
    }

    public func forward(_ pass: Pass) -> (output: Matrix, cache: NormalizedRows) {
        let (normed, cache) = norm.forward(sum(pass.batch), pass)
        return (pass.dropped(normed, site: Self.dropoutSite), cache)
    }

    /// Each table's row receives the gradients of all tokens that used it.
    public func backward(_ dy: Matrix, _ cache: NormalizedRows, _ pass: Pass, into gradient: inout Embedding)
    {
        let dropped = pass.dropped(dy, site: Self.dropoutSite)
        let dsum = norm.backward(dropped, cache, pass, into: &gradient.norm)
        let batch = pass.batch
        gradient.word.addRows(dsum, at: batch.ids)
        gradient.position.addRows(dsum, at: batch.places)
        let lastType = Int32(type.rows - 1)
        gradient.type.addRows(dsum, at: batch.typeIDs.map { min($0, lastType) })
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try body(Parameter([prefix + "word_embeddings.weight"], hasDecay: false), &word)
        try body(Parameter([prefix + "position_embeddings.weight"], hasDecay: false), &position)
        try body(Parameter([prefix + "token_type_embeddings.weight"], hasDecay: false), &type)
        try norm.visit(prefix, body)
    }
}

extension Matrix {
    /// Adds row i of `x` to row `indices[i]`, in the order of i: several may meet in one row.
    fileprivate mutating func addRows(_ x: Matrix, at indices: [Int32]) {
        let d = columns
        unsafe withUnsafeMutable { out in
            unsafe x.withUnsafe { rows in
                for (row, index) in indices.enumerated() {
                    let target = Int(index) * d
                    for c in 0..<d { unsafe out[target + c] += rows[row * d + c] }
                }
            }
        }
    }
}
