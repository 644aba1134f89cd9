import Tensors

/// A decoder compiled for generation: weights packed once in the precision that serves. Immutable,
/// shared by all texts; each text has a cache of its own.
struct CompiledDecoder: Sendable {
    let heads: Int
    let hiddenSize: Int
    let positions: Int
    private let precision: Precision
    private let words: Activations
    private let position: Matrix
    private let scores: PackedWeights
    private let blocks: [Block]
    private let norm: LayerNorm

    private struct Block: Sendable {
        let attentionNorm: LayerNorm
        let queryKeyValue: PackedWeights
        let attentionOutput: PackedWeights
        let feedForwardNorm: LayerNorm
        let intermediate: PackedWeights
        let output: PackedWeights

        init(_ block: CausalDecoder.Block, _ precision: Precision) {
            attentionNorm = block.attention.norm
            queryKeyValue = PackedWeights(block.attention.queryKeyValue, precision)
            attentionOutput = PackedWeights(block.attention.output, precision)
            feedForwardNorm = block.feedForward.norm
            intermediate = PackedWeights(block.feedForward.intermediate, precision)
            output = PackedWeights(block.feedForward.output, precision)
        }
    }

    init(_ model: CausalLanguageModel, _ precision: Precision) {
        let decoder = model.decoder
        self.precision = precision
        heads = model.configuration.attentionHeads
        hiddenSize = model.configuration.hiddenSize
        positions = decoder.position.rows
        words = Activations(decoder.word, precision == .f32 ? .f32 : .bf16)
        position = decoder.position
        scores = PackedWeights(decoder.word, bias: nil, precision)
        blocks = decoder.blocks.map { Block($0, precision) }
        norm = decoder.norm
    }

    func cache(capacity: Int) -> KeyValueCache {
        KeyValueCache(blocks: blocks.count, hiddenSize: hiddenSize, capacity: min(capacity, positions))
    }

    /// Reads tokens behind those of the cache.
    ///
    /// - Returns: the logits of what follows the last of them, [v].
    func logits(after ids: [Int32], _ cache: inout KeyValueCache) -> [Float] {
        var x = words.gathered(ids)
        x.addGathered(position, (cache.length..<cache.length + ids.count).map { Int32($0) })
        for (index, block) in blocks.enumerated() {
            let normed = block.attentionNorm(x, precision)
            let context = cache.context(
                block.queryKeyValue.apply(to: normed), block: index, heads: heads)
            x = block.attentionOutput.apply(to: context, .residual(x))
            let wide = block.intermediate.apply(to: block.feedForwardNorm(x, precision))
            x = block.output.apply(to: wide.geluTanh(), .residual(x))
        }
        cache.advance(by: ids.count)
        let last = Matrix(rows: 1, columns: hiddenSize, values: x[row: x.rows - 1])
        return scores.apply(to: norm(last, precision))[row: 0]
    }
}

extension LayerNorm {
    fileprivate func callAsFunction(_ x: Matrix, _ precision: Precision) -> Activations {
        x.layerNorm(weight: weight, bias: bias, epsilon: epsilon, precision).activations
    }
}
