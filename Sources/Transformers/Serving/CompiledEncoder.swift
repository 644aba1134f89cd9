import Tensors

/// An encoder compiled for prediction: weights packed once in the precision that serves, biases, GELU,
/// residuals and conversions in the same pass as the products. Immutable, shared by all requests.
struct CompiledEncoder: Sendable {
    let precision: Precision
    /// Two thirds of a small model are its words, so these are narrow too.
    private let words: Activations
    private let embedding: Embedding
    private let projection: PackedWeights?
    private let distanceBias: DistanceBias?
    private let blocks: [Block]
    private let heads: Int

    private struct Block: Sendable {
        let queryKeyValue: PackedWeights
        let attentionOutput: PackedWeights
        let attentionNorm: LayerNorm
        let intermediate: PackedWeights
        let output: PackedWeights
        let outputNorm: LayerNorm

        init(_ block: Encoder.Block, _ precision: Precision) {
            queryKeyValue = PackedWeights(block.attention.queryKeyValue, precision)
            attentionOutput = PackedWeights(block.attention.output, precision)
            attentionNorm = block.attention.norm
            intermediate = PackedWeights(block.feedForward.intermediate, precision)
            output = PackedWeights(block.feedForward.output, precision)
            outputNorm = block.feedForward.norm
        }
    }

    init(_ encoder: Encoder, heads: Int, _ precision: Precision) {
        self.precision = precision
        words = Activations(encoder.embedding.word, precision == .f32 ? .f32 : .bf16)
        var embedding = encoder.embedding
        embedding.word = Matrix(rows: 0, columns: embedding.word.columns)
        self.embedding = embedding
        projection = embedding.projection.map { PackedWeights($0, precision) }
        distanceBias = encoder.distanceBias
        blocks = encoder.blocks.map { Block($0, precision) }
        self.heads = heads
    }

    /// The last hidden states of a batch, [n, d].
    ///
    /// What is added to stays f32 from block to block; what is multiplied is in the precision.
    func callAsFunction(_ batch: TokenBatch) -> Matrix {
        let shape = AttentionShape(
            offsets: batch.offsets, heads: heads, distanceBias: distanceBias?.expanded(batch))
        var (x, narrow) = embedding.norm(embedding.sum(batch, words: words), precision)
        if let projection {
            x = projection.apply(to: narrow)
            narrow = Activations(x, precision)
        }
        for block in blocks {
            let context = block.queryKeyValue.apply(to: narrow).attention(shape)
            let (attended, narrowAttended) = block.attentionNorm(
                block.attentionOutput.apply(to: context, .residual(x)), precision)
            let wide = block.intermediate.activations(of: narrowAttended, gelu: true)
            (x, narrow) = block.outputNorm(block.output.apply(to: wide, .residual(attended)), precision)
        }
        return x
    }
}

extension PackedWeights {
    init(_ linear: Linear, _ precision: Precision) {
        self.init(linear.weight, bias: linear.bias, precision)
    }
}

extension LayerNorm {
    fileprivate func callAsFunction(
        _ x: Matrix, _ precision: Precision
    ) -> (output: Matrix, activations: Activations) {
        x.layerNorm(weight: weight, bias: bias, epsilon: epsilon, precision)
    }
}
