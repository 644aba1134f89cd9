public import Tensors

/// The sum of what a token is, where it stands and which text it belongs to, normalized.
///
/// e = LayerNorm(word[id] + position[i] + type[t]) (Devlin et al.,
/// [arXiv:1810.04805](https://arxiv.org/abs/1810.04805), figure 2); where embeddings are narrower than
/// the blocks, a linear layer follows.
public struct Embedding: Sendable {
    /// [v, e].
    public var word: Matrix
    /// [positions, e].
    public var position: Matrix
    /// [types, e]; without rows in a family that has no types.
    public var type: Matrix
    public var norm: LayerNorm
    /// [d, e]; `nil` where e is d.
    public var projection: Linear?
    /// Whether there are types at all; a gradient that nobody asks for has no rows either.
    private let hasTypes: Bool
    /// The row of a text's first token in `position`.
    let firstPosition: Int32
    /// Whether nothing of it gets a gradient.
    public var isFrozen = false

    static let dropoutSite = 0

    /// - Parameter hasTables: whether the tables have their rows; they may be filled in later.
    public init(_ configuration: ModelConfiguration, hasTables: Bool = true) {
        let d = configuration.embeddingSize
        word = Matrix(rows: hasTables ? configuration.vocabularySize : 0, columns: d)
        position = Matrix(rows: hasTables ? configuration.maximumPositions : 0, columns: d)
        type = Matrix(rows: hasTables ? configuration.typeVocabularySize : 0, columns: d)
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "LayerNorm")
        hasTypes = configuration.typeVocabularySize > 0
        firstPosition = Int32(configuration.firstPosition)
        if d != configuration.hiddenSize {
            projection = Linear(
                inputs: d, outputs: configuration.hiddenSize, names: ["embeddings_project"])
        }
    }

    /// The three embeddings of each token, added: [n, e].
    ///
    /// - Parameter words: the table of words in the form that it is held in.
    func sum(_ batch: TokenBatch, words: Activations) -> Matrix {
        var result = words.gathered(batch.ids)
        result.addGathered(position, positions(batch))
        if hasTypes { result.addGathered(type, types(batch)) }
        return result
    }

    private func positions(_ batch: TokenBatch) -> [Int32] {
        firstPosition == 0 ? batch.places : batch.places.map { $0 + firstPosition }
    }

    /// A model that knows one type of text reads both texts of a pair as that type.
    private func types(_ batch: TokenBatch) -> [Int32] {
        let last = Int32(type.rows - 1)
        return batch.typeIDs.map { min($0, last) }
    }

    public struct Cache: Sendable {
        let norm: NormalizedRows
        let projected: Activations?
    }

    public func forward(_ pass: Pass) -> (output: Matrix, cache: Cache) {
        let (normed, normCache) = norm.forward(sum(pass.batch, words: Activations(word, .f32)), pass)
        let dropped = pass.dropped(normed, site: Self.dropoutSite)
        guard let projection else { return (dropped, Cache(norm: normCache, projected: nil)) }
        let (y, x) = projection.forward(dropped, pass)
        return (y, Cache(norm: normCache, projected: x))
    }

    /// Each table's row receives the gradients of all tokens that used it.
    public func backward(_ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Embedding) {
        var dy = dy
        if let projection, let x = cache.projected {
            dy = projection.backward(dy, x, pass, into: &gradient.projection!)
        }
        let dropped = pass.dropped(dy, site: Self.dropoutSite)
        let dsum = norm.backward(dropped, cache.norm, pass, into: &gradient.norm)
        let batch = pass.batch
        gradient.word.addRows(dsum, at: batch.ids)
        gradient.position.addRows(dsum, at: positions(batch))
        if hasTypes { gradient.type.addRows(dsum, at: types(batch)) }
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        let own = prefix + "embeddings."
        try body(Parameter([own + "word_embeddings.weight"], hasDecay: false), &word)
        try body(Parameter([own + "position_embeddings.weight"], hasDecay: false), &position)
        if hasTypes {
            try body(Parameter([own + "token_type_embeddings.weight"], hasDecay: false), &type)
        }
        try norm.visit(own, body)
        try projection?.visit(prefix, body)
    }
}

extension Matrix {
    /// Adds row i of `x` to row `indices[i]`, in the order of i: several may meet in one row.
    mutating func addRows(_ x: Matrix, at indices: [Int32]) {
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
