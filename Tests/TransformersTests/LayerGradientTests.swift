import Tensors
import Testing
import Tokenizers
import Transformers

/// Every layer's backward against central differences of its forward.
@Suite struct LayerGradientTests {
    private let law = GradientLaw()
    /// Three texts of different lengths, one of them a pair.
    private let batch: TokenBatch
    private let configuration: ModelConfiguration

    init() throws {
        configuration = try TinyBert.configuration()
        batch = TokenBatch(
            [[Int32]([2, 5, 6, 3]), [2, 7, 7, 8, 9, 3], [2, 3]].map { ids in
                var encoding = Encoding()
                encoding.ids = ids
                encoding.typeIDs = ids.indices.map { $0 > 3 ? 1 : 0 }
                return encoding
            })
    }

    private func pass(dropout: Float = 0) -> Pass {
        Pass(batch, dropout: dropout, attentionDropout: dropout, seed: 5, step: 2)
    }

    private func input(_ seed: UInt64 = 3) -> Matrix {
        var random = Philox(seed: seed, stream: 0)
        return Matrix.random(batch.tokens, configuration.hiddenSize, 1, &random)
    }

    /// Weights of about the size that lets every path matter.
    private func initialized<L: Layer>(_ layer: L) -> L {
        var layer = layer
        var random = Philox(seed: 4, stream: 0)
        layer.visit("") { _, matrix in
            matrix = matrix.moved(by: 0.3, along: .random(matrix.rows, matrix.columns, 1, &random))
        }
        return layer
    }

    @Test func `a linear layer`() {
        let layer = initialized(Linear(inputs: configuration.hiddenSize, outputs: 7, names: ["dense"]))
        #expect(law.violations(of: layer, at: input(), pass()) == [])
    }

    @Test func `a layer norm`() {
        let layer = initialized(LayerNorm(size: configuration.hiddenSize, epsilon: 1e-12, name: "LayerNorm"))
        #expect(law.violations(of: layer, at: input(), pass()) == [])
    }

    @Test(arguments: [Float(0), 0.3]) func `self-attention, with and without dropout`(_ dropout: Float) {
        let layer = initialized(SelfAttention(configuration, layer: 0))
        #expect(law.violations(of: layer, at: input(), pass(dropout: dropout)) == [])
    }

    @Test(arguments: [Float(0), 0.3]) func `a feed-forward layer, with and without dropout`(_ dropout: Float)
    {
        let layer = initialized(FeedForward(configuration, layer: 0))
        #expect(law.violations(of: layer, at: input(), pass(dropout: dropout)) == [])
    }

    @Test func `a whole block`() {
        let layer = initialized(Encoder.Block(configuration, layer: 1))
        #expect(law.violations(of: layer, at: input(), pass(dropout: 0.2)) == [])
    }

    @Test(arguments: [Float(0), 0.3]) func `embeddings, whose input are numbers`(_ dropout: Float) throws {
        let embedding = try TinyBert.model().encoder.embedding
        let pass = pass(dropout: dropout)
        let (output, cache) = embedding.forward(pass)
        var random = Philox(seed: 6, stream: 0)
        let weights = Matrix.random(output.rows, output.columns, 1, &random)
        var gradient = embedding
        gradient.visit("") { _, matrix in matrix = Matrix(rows: matrix.rows, columns: matrix.columns) }
        embedding.backward(weights, cache, pass, into: &gradient)

        let violations = law.violations(
            of: embedding, gradient: gradient, visit: { $0.visit("", $1) },
            loss: { $0.forward(pass).output.dot(weights) })
        #expect(violations == [])
        // A word that no text uses has no gradient; one used twice has both.
        #expect(gradient.word[row: 10].allSatisfy { $0 == 0 })
        #expect(gradient.word[row: 7].contains { $0 != 0 })
    }

    @Test(arguments: [Pooling.mean, .cls], [Float(0), 0.3])
    func `the head, by either pooling`(_ pooling: Pooling, _ dropout: Float) {
        let pass = pass(dropout: dropout)
        var configuration = configuration
        configuration.pooling = pooling
        var head = SequenceClassificationHead(configuration)
        var random = Philox(seed: 7, stream: 0)
        head.visit { _, matrix in
            matrix = .random(matrix.rows, matrix.columns, 0.3, &random)
        }
        let hidden = input()
        let (logits, cache) = head.forward(hidden, pass)
        let weights = Matrix.random(logits.rows, logits.columns, 1, &random)
        var gradient = head
        gradient.visit { _, matrix in matrix = Matrix(rows: matrix.rows, columns: matrix.columns) }
        let dhidden = head.backward(weights, cache, pass, into: &gradient)

        let violations = law.violations(
            of: head, gradient: gradient, visit: { $0.visit($1) },
            loss: { $0.forward(hidden, pass).logits.dot(weights) })
        #expect(violations == [])
        let input = law.violations(of: hidden, gradient: dhidden, visit: { $1(.input, &$0) }) {
            head.forward($0, pass).logits.dot(weights)
        }
        #expect(input == [])
    }

    @Test(arguments: [Float(0), 0.1]) func `cross-entropy, with and without smoothing`(_ smoothing: Float) {
        var random = Philox(seed: 8, stream: 0)
        let logits = Matrix.random(5, 4, 2, &random)
        func loss(_ logits: Matrix) -> (loss: Double, gradient: Matrix) {
            CrossEntropy.lossAndGradient(logits, labels: [0, 3, 1, 1, 2], smoothing: smoothing)
        }
        let violations = law.violations(
            of: logits, gradient: loss(logits).gradient, visit: { $1(.input, &$0) }
        ) {
            loss($0).loss
        }
        #expect(violations == [])
    }

    // MARK: The law itself

    @Test func `a forgotten residual is seen`() {
        let layer = initialized(WithoutResidual(inner: FeedForward(configuration, layer: 0)))
        #expect(!law.violations(of: layer, at: input(), pass()).isEmpty)
    }

    @Test func `a gradient that is a few hundredths too large is seen`() {
        let layer = initialized(
            Exaggerating(inner: Linear(inputs: configuration.hiddenSize, outputs: 7, names: ["dense"])))
        #expect(!law.violations(of: layer, at: input(), pass()).isEmpty)
    }
}

extension Parameter {
    /// Stands for what is no parameter.
    fileprivate static let input = Parameter(["input"])
}

/// A planted fault: the sum's gradient reaches the branch, and not x.
private struct WithoutResidual: Layer {
    var inner: FeedForward

    func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: FeedForward.Cache) {
        inner.forward(x, pass)
    }

    func backward(_ dy: Matrix, _ cache: FeedForward.Cache, _ pass: Pass, into gradient: inout Self) -> Matrix
    {
        var nothing = gradient.inner.norm
        nothing.visit("") { _, matrix in matrix = Matrix(rows: matrix.rows, columns: matrix.columns) }
        let dx = inner.backward(dy, cache, pass, into: &gradient.inner)
        let residual = inner.norm.backward(dy, cache.norm, pass, into: &nothing)
        return dx.moved(by: -1, along: residual)
    }

    mutating func visit(_ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try inner.visit(prefix, body)
    }
}

/// A planted fault: what is promised for the input is three hundredths more than what is true.
private struct Exaggerating: Layer {
    var inner: Linear

    func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Activations) {
        inner.forward(x, pass)
    }

    func backward(_ dy: Matrix, _ x: Activations, _ pass: Pass, into gradient: inout Self) -> Matrix {
        let dx = inner.backward(dy, x, pass, into: &gradient.inner)
        return dx.moved(by: 0.03, along: dx)
    }

    mutating func visit(_ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try inner.visit(prefix, body)
    }
}
