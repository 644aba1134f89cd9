import Tensors

/// An encoder compiled for prediction: weights packed once, biases, GELU and residuals in the same
/// pass as the products. Immutable, shared by all requests.
struct CompiledEncoder: Sendable {
    private let embedding: Embedding
    private let blocks: [Block]
    private let heads: Int

    private struct Block: Sendable {
        let queryKeyValue: PackedWeights
        let attentionOutput: PackedWeights
        let attentionNorm: LayerNorm
        let intermediate: PackedWeights
        let output: PackedWeights
        let outputNorm: LayerNorm

        init(_ block: Encoder.Block) {
            queryKeyValue = PackedWeights(block.attention.queryKeyValue)
            attentionOutput = PackedWeights(block.attention.output)
            attentionNorm = block.attention.norm
            intermediate = PackedWeights(block.feedForward.intermediate)
            output = PackedWeights(block.feedForward.output)
            outputNorm = block.feedForward.norm
        }
    }

    init(_ encoder: Encoder, heads: Int) {
        embedding = encoder.embedding
        blocks = encoder.blocks.map(Block.init)
        self.heads = heads
    }

    /// The last hidden states of a batch, [n, d].
    func callAsFunction(_ batch: TokenBatch) -> Matrix {
        let shape = AttentionShape(offsets: batch.offsets, heads: heads)
        var x = embedding.norm(embedding.sum(batch))
        for block in blocks {
            let context = block.queryKeyValue.apply(to: x).attention(shape)
            let attended = block.attentionNorm(block.attentionOutput.apply(to: context, .residual(x)))
            let wide = block.intermediate.apply(to: attended, .gelu)
            x = block.outputNorm(block.output.apply(to: wide, .residual(attended)))
        }
        return x
    }
}

extension PackedWeights {
    init(_ linear: Linear) { self.init(linear.weight, bias: linear.bias) }
}

extension LayerNorm {
    fileprivate func callAsFunction(_ x: Matrix) -> Matrix {
        x.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
    }
}
