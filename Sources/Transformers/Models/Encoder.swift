public import Tensors

/// Embeddings and a stack of post-norm blocks: BERT, and every `ModelFamily` that is made like it.
///
/// Source: Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805).
public struct Encoder: Sendable {
    public var embedding: Embedding
    /// What attention adds by distance, in all blocks.
    public var distanceBias: DistanceBias?
    public var blocks: [Block]

    public typealias Block = TransformerBlock<SelfAttention, FeedForward>

    public struct Cache: Sendable {
        let embedding: Embedding.Cache
        let blocks: [Block.Cache]
    }

    public init(_ configuration: ModelConfiguration) {
        embedding = Embedding(configuration)
        distanceBias = DistanceBias(configuration)
        blocks = (0..<configuration.layers).map { Block(configuration, layer: $0) }
    }

    /// - Returns: the last hidden states, [n, d].
    public func forward(_ pass: Pass) -> (output: Matrix, cache: Cache) {
        let pass = biased(pass)
        var (x, embeddingCache) = embedding.forward(pass)
        var caches: [Block.Cache] = []
        for block in blocks {
            let (y, cache) = block.forward(x, pass)
            caches.append(cache)
            x = y
        }
        return (x, Cache(embedding: embeddingCache, blocks: caches))
    }

    private func biased(_ pass: Pass) -> Pass {
        guard let distanceBias else { return pass }
        var pass = pass
        pass.distanceBias = distanceBias.expanded(pass.batch)
        return pass
    }

    /// Stops above what is frozen: below it nobody asks for a gradient.
    public func backward(_ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Encoder) {
        let pass = biased(pass)
        var d = dy
        for index in blocks.indices.dropFirst(pass.frozenBlocks).reversed() {
            d = blocks[index].backward(d, cache.blocks[index], pass, into: &gradient.blocks[index])
            guard let dbias = gradient.blocks[index].attention.distanceBias else { continue }
            gradient.blocks[index].attention.distanceBias = nil
            if !embedding.isFrozen { gradient.distanceBias?.addGradient(dbias) }
        }
        guard pass.frozenBlocks == 0, !embedding.isFrozen else { return }
        embedding.backward(d, cache.embedding, pass, into: &gradient.embedding)
    }

    /// Shows the linear layers of the blocks, with the prefix of their names.
    mutating func eachLinear(_ prefix: String, _ body: (String, inout Linear) -> Void) {
        for index in blocks.indices {
            let prefix = prefix + "encoder.layer.\(index)."
            blocks[index].attention.eachLinear(prefix, body)
            blocks[index].feedForward.eachLinear(prefix, body)
        }
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try embedding.visit(prefix, body)
        try distanceBias?.visit(prefix, body)
        for index in blocks.indices { try blocks[index].visit(prefix + "encoder.layer.\(index).", body) }
    }
}
