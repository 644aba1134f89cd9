public import Tensors

/// What tokens are and where they stand, a stack of pre-norm blocks, and a norm: GPT-2.
///
/// Source: Radford et al., *Language Models are Unsupervised Multitask Learners* (2019), section 2.3.
public struct CausalDecoder: Sendable {
    /// [v, d]; it scores the next token as well.
    public var word: Matrix
    /// [positions, d].
    public var position: Matrix
    public var blocks: [Block]
    public var norm: LayerNorm

    static let dropoutSite = 0

    public typealias Block = TransformerBlock<CausalAttention, PreNormFeedForward>

    public struct Cache: Sendable {
        let blocks: [Block.Cache]
        let norm: NormalizedRows
    }

    public init(_ configuration: ModelConfiguration) {
        let d = configuration.hiddenSize
        word = Matrix(rows: configuration.vocabularySize, columns: d)
        position = Matrix(rows: configuration.maximumPositions, columns: d)
        blocks = (0..<configuration.layers).map { Block(configuration, layer: $0) }
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "ln_f")
    }

    /// - Returns: the last hidden states, [n, d].
    public func forward(_ pass: Pass) -> (output: Matrix, cache: Cache) {
        var x = Activations(word, .f32).gathered(pass.batch.ids)
        x.addGathered(position, pass.batch.places)
        x = pass.dropped(x, site: Self.dropoutSite)
        var caches: [Block.Cache] = []
        for block in blocks {
            let (y, cache) = block.forward(x, pass)
            caches.append(cache)
            x = y
        }
        let (y, normCache) = norm.forward(x, pass)
        return (y, Cache(blocks: caches, norm: normCache))
    }

    /// Stops above what is frozen: below it nobody asks for a gradient.
    public func backward(_ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout CausalDecoder) {
        var d = norm.backward(dy, cache.norm, pass, into: &gradient.norm)
        for index in blocks.indices.dropFirst(pass.frozenBlocks).reversed() {
            d = blocks[index].backward(d, cache.blocks[index], pass, into: &gradient.blocks[index])
        }
        guard pass.frozenBlocks == 0 else { return }
        let dsum = pass.dropped(d, site: Self.dropoutSite)
        gradient.word.addRows(dsum, at: pass.batch.ids)
        gradient.position.addRows(dsum, at: pass.batch.places)
    }

    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try body(Parameter(["embeddings.word_embeddings.weight"], hasDecay: false), &word)
        try body(Parameter(["embeddings.position_embeddings.weight"], hasDecay: false), &position)
        for index in blocks.indices { try blocks[index].visit("encoder.layer.\(index).", body) }
        try norm.visit("", body)
    }
}
