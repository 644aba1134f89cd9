import Tensors

/// An encoder compiled for prediction: weights packed once in the precision that serves, biases, GELU,
/// residuals and conversions in the same pass as the products. Immutable, shared by all requests.
struct CompiledEncoder: Sendable {
    let precision: Precision
    /// Two thirds of a small model are its words, so these are narrow too.
    private var words: Activations
    /// Without its words.
    private var embedding: Embedding
    private var projection: PackedWeights?
    private var distanceBias: DistanceBias?
    private var blocks: [Block]
    private let heads: Int

    fileprivate struct Block: Sendable {
        var queryKeyValue: PackedWeights
        var attentionOutput: PackedWeights
        var attentionNorm: LayerNorm
        var intermediate: PackedWeights
        var output: PackedWeights
        var outputNorm: LayerNorm
    }

    private let positions: Int
    private let types: Int

    init(_ encoder: Encoder, heads: Int, _ precision: Precision) {
        self.precision = precision
        words = Activations(encoder.embedding.word, Self.wordPrecision(precision))
        embedding = encoder.embedding
        embedding.word = Matrix(rows: 0, columns: words.columns)
        (positions, types) = (embedding.position.rows, embedding.type.rows)
        projection = embedding.projection.map { PackedWeights($0, precision) }
        distanceBias = encoder.distanceBias
        blocks = encoder.blocks.map { Block($0, precision) }
        self.heads = heads
        settle(matrices.map(\.matrix))
    }

    /// Takes the matrices of an encoder that was compiled before, by such a program on such a machine.
    ///
    /// - Parameter matrix: gives a matrix by name and shape.
    init(
        _ configuration: ModelConfiguration, _ precision: Precision,
        _ matrix: (_ name: String, _ rows: Int, _ columns: Int) throws -> Matrix
    ) rethrows {
        let (d, e) = (configuration.hiddenSize, configuration.embeddingSize)
        self.precision = precision
        words = Activations(rows: configuration.vocabularySize, columns: e, Self.wordPrecision(precision))
        embedding = Embedding(configuration, hasTables: false)
        (positions, types) = (configuration.maximumPositions, configuration.typeVocabularySize)
        projection = embedding.projection.map { _ in PackedWeights(inputs: e, outputs: d, precision) }
        distanceBias = DistanceBias(configuration)
        blocks = (0..<configuration.layers).map { _ in Block(configuration, precision) }
        heads = configuration.attentionHeads
        var found: [Matrix] = []
        try visit { name, shape, _ in found.append(try matrix(name, shape.rows, shape.columns)) }
        settle(found)
    }

    private static func wordPrecision(_ precision: Precision) -> Precision {
        precision == .f32 ? .f32 : .bf16
    }

    /// Replaces all matrices, in the order of `visit`, by copies that lie side by side on large pages.
    private mutating func settle(_ all: [Matrix]) {
        var copies = MatrixArena.copies(of: all).makeIterator()
        visit { _, _, matrix in matrix = copies.next()! }
    }

    /// Every matrix under a name of its own.
    var matrices: [(name: String, matrix: Matrix)] {
        var copy = self
        var result: [(String, Matrix)] = []
        copy.visit { name, _, matrix in result.append((name, matrix)) }
        return result
    }

    private mutating func visit(_ body: MatrixVisitor) rethrows {
        try words.visit("words", body)
        try body("positions", (positions, words.columns), &embedding.position)
        if types > 0 { try body("types", (types, words.columns), &embedding.type) }
        try embedding.norm.visitMatrices("norm", body)
        try projection?.visit("projection", body)
        if let bias = distanceBias?.weight {
            try body("distances", (bias.rows, bias.columns), &distanceBias!.weight)
        }
        for index in blocks.indices { try blocks[index].visit("block.\(index).", body) }
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

extension CompiledEncoder.Block {
    init(_ block: Encoder.Block, _ precision: Precision) {
        queryKeyValue = PackedWeights(block.attention.queryKeyValue, precision)
        attentionOutput = PackedWeights(block.attention.output, precision)
        attentionNorm = block.attention.norm
        intermediate = PackedWeights(block.feedForward.intermediate, precision)
        output = PackedWeights(block.feedForward.output, precision)
        outputNorm = block.feedForward.norm
    }

    /// The shape of a block that is compiled already.
    init(_ configuration: ModelConfiguration, _ precision: Precision) {
        let (d, m) = (configuration.hiddenSize, configuration.intermediateSize)
        let norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "")
        queryKeyValue = PackedWeights(inputs: d, outputs: 3 * d, precision)
        attentionOutput = PackedWeights(inputs: d, outputs: d, precision)
        attentionNorm = norm
        intermediate = PackedWeights(inputs: d, outputs: m, precision)
        output = PackedWeights(inputs: m, outputs: d, precision)
        outputNorm = norm
    }

    mutating func visit(_ prefix: String, _ body: MatrixVisitor) rethrows {
        try queryKeyValue.visit(prefix + "qkv", body)
        try attentionOutput.visit(prefix + "attended", body)
        try attentionNorm.visitMatrices(prefix + "attended.norm", body)
        try intermediate.visit(prefix + "wide", body)
        try output.visit(prefix + "narrow", body)
        try outputNorm.visitMatrices(prefix + "narrow.norm", body)
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

    fileprivate mutating func visitMatrices(_ name: String, _ body: MatrixVisitor) rethrows {
        let shape = (rows: 1, columns: weight.columns)
        try body(name + ".weight", shape, &weight)
        try body(name + ".bias", shape, &bias)
    }
}
