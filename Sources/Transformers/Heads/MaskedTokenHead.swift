public import Tensors

/// What stands between an encoder and the words: norm(gelu(dense(hidden))), scored against the table of
/// words that the encoder reads, and a bias for each word.
///
/// Source: Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805), section 3.1; the table is
/// shared as in Press and Wolf, [arXiv:1608.05859](https://arxiv.org/abs/1608.05859).
public struct MaskedTokenHead: Sendable {
    /// [e, d]: e is the width of the embeddings.
    public var dense: Linear
    public var norm: LayerNorm
    /// [1, v].
    public var bias: Matrix

    public struct Cache: Sendable {
        /// What the dense layer read, [a, d].
        let rows: Activations
        /// Before GELU, [a, e].
        let wide: Matrix
        let norm: NormalizedRows
        /// What the words are scored by, [a, e].
        let scored: Activations
    }

    public init(_ configuration: ModelConfiguration) {
        let e = configuration.embeddingSize
        dense = Linear(inputs: configuration.hiddenSize, outputs: e, names: ["predictions.dense"])
        norm = LayerNorm(size: e, epsilon: configuration.layerNormEpsilon, name: "predictions.norm")
        bias = Matrix(rows: 1, columns: configuration.vocabularySize)
    }

    /// - Parameters:
    ///   - rows: the hidden states of the tokens that are asked for, [a, d].
    ///   - words: [v, e].
    /// - Returns: logits [a, v].
    func forward(_ rows: Matrix, words: Matrix, _ pass: Pass) -> (logits: Matrix, cache: Cache) {
        let (wide, read) = dense.forward(rows, pass)
        let (normed, normCache) = norm.forward(wide.gelu(), pass)
        let scored = pass.narrowed(normed)
        let logits = PackedWeights(words, bias: bias, pass.precision).apply(to: scored)
        return (logits, Cache(rows: read, wide: wide, norm: normCache, scored: scored))
    }

    /// - Parameters:
    ///   - dlogits: [a, v], as products read it.
    /// - Returns: ∂loss/∂rows, [a, d].
    func backward(
        _ dlogits: Activations, words: Matrix, _ cache: Cache, _ pass: Pass,
        into gradient: inout MaskedTokenHead
    ) -> Matrix {
        gradient.bias.addRows(of: dlogits)
        let dnormed = dlogits.times(words)
        let dactivated = norm.backward(dnormed, cache.norm, pass, into: &gradient.norm)
        return dense.backward(
            dactivated.geluBackward(input: cache.wide), cache.rows, pass, into: &gradient.dense)
    }

    mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try dense.visit("", body)
        try norm.visit("", body)
        try body(Parameter(["predictions.bias"], isVector: true, hasDecay: false), &bias)
    }
}

extension ModelFamily {
    /// What its checkpoints call the tensors of a `MaskedTokenHead`.
    struct MaskedTokenNames: Sendable {
        var dense = "cls.predictions.transform.dense."
        var norm = "cls.predictions.transform.LayerNorm."
        var bias = "cls.predictions.bias"

        static let languageModelHead = MaskedTokenNames(
            dense: "lm_head.dense.", norm: "lm_head.layer_norm.", bias: "lm_head.bias")
    }

    /// The name in a checkpoint of one of the head's tensors.
    func maskedTokenName(_ name: String) -> String {
        let (dense, norm) = ("predictions.dense.", "predictions.norm.")
        if name.hasPrefix(dense) { return maskedTokens.dense + name.dropFirst(dense.count) }
        if name.hasPrefix(norm) { return maskedTokens.norm + name.dropFirst(norm.count) }
        return maskedTokens.bias
    }
}
