public import Tensors

// Letters used below: n tokens of a batch, s sequences, d hidden size, h heads, m intermediate size,
// v vocabulary, k labels, a tokens that are asked for. Every matrix is [tokens, features]; sentences lie one after another.

/// A differentiable function of its input and its own parameters.
///
/// A layer is a value, and its gradient is a value of the same type: ∂loss/∂weight is stored at
/// `gradient.weight`. A block's backward is its forward read upwards.
public protocol Layer: Sendable {
    /// What backward needs, and nothing else.
    associatedtype Cache: Sendable

    func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Cache)

    /// - Parameters:
    ///   - dy: ∂loss/∂output.
    ///   - gradient: ∂loss/∂parameters are added to it.
    /// - Returns: ∂loss/∂x.
    func backward(_ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Self) -> Matrix

    /// Shows every parameter, in an order that never changes.
    mutating func visit(_ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void) rethrows
}

/// A parameter's place in a checkpoint.
public struct Parameter: Sendable, Equatable {
    /// The names of the tensors that it is made of: one, or several whose rows lie one after another.
    public var names: [String]
    /// Where it is in the network: the name that BERT has for its first tensor.
    let place: String
    /// Whether checkpoints hold it as a vector.
    public let isVector: Bool
    /// Whether checkpoints hold it turned over: [in, out], as GPT-2's do.
    public let isTransposed: Bool
    /// Biases and norms are not pulled towards zero (as in Devlin et al.'s own optimizer), nor are
    /// embeddings: decay would wear away the words that the rows at hand do not use.
    public let hasDecay: Bool
    /// Whether it is a factor of a `LowRankAdapter`, which checkpoints hold merged into its weight.
    public let isAdapter: Bool

    package init(
        _ names: [String], isVector: Bool = false, isTransposed: Bool = false, hasDecay: Bool = true,
        isAdapter: Bool = false
    ) {
        self.names = names
        place = names[0]
        self.isAdapter = isAdapter
        self.isVector = isVector
        self.isTransposed = isTransposed
        self.hasDecay = hasDecay
    }

    /// The same under the names of a file.
    func named(_ name: (String) -> String) -> Parameter {
        var parameter = self
        parameter.names = names.map(name)
        return parameter
    }

    /// The shape of each of its tensors.
    public func shape(of matrix: Matrix) -> [Int] {
        if isVector { return [matrix.count / names.count] }
        let shape = [matrix.rows / names.count, matrix.columns]
        return isTransposed ? shape.reversed() : shape
    }
}

/// One run through the network: the batch, and the randomness of its dropout.
public struct Pass: Sendable {
    public var batch: TokenBatch
    /// The share of elements that dropout drops; 0 in evaluation.
    public var dropout: Float
    public var attentionDropout: Float
    public var seed: UInt64
    /// What attention adds to scores by distance; the encoder fills it in.
    var distanceBias: Matrix?
    /// Of products and of what is kept for backward; sums and weights are f32 always. Not `int8`.
    public var precision: Precision
    /// The number of the pass within training: no two passes share a mask.
    public var step: Int
    /// So many of the lowest blocks, and the embeddings with them, get no gradient.
    public var frozenBlocks: Int
    /// The places in the batch of the tokens that a masked language model scores; all where it is `nil`.
    public var asked: [Int]?

    public init(
        _ batch: TokenBatch, dropout: Float = 0, attentionDropout: Float = 0, seed: UInt64 = 0, step: Int = 0,
        precision: Precision = .f32, frozenBlocks: Int = 0
    ) {
        self.batch = batch
        self.dropout = dropout
        self.attentionDropout = attentionDropout
        self.seed = seed
        self.step = step
        self.precision = precision
        self.frozenBlocks = frozenBlocks
    }

    /// The stream of random numbers of one place in the network.
    func stream(_ site: Int) -> UInt64 { UInt64(step) << 40 | UInt64(site) << 24 }

    /// `x` as products read it.
    func narrowed(_ x: Matrix) -> Activations { Activations(x, precision) }

    func dropped(_ x: Matrix, site: Int) -> Matrix {
        x.dropout(rate: dropout, seed: seed, stream: stream(site))
    }
}
