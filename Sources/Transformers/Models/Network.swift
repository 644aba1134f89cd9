public import Tensors

/// A whole model as training sees it: batches in, logits out, and a gradient of its own type.
public protocol Network: Sendable {
    associatedtype Cache: Sendable

    var configuration: ModelConfiguration { get }

    /// All zeros but the norms: the shape of a model, and of its gradient.
    init(_ configuration: ModelConfiguration)

    func forward(_ pass: Pass) -> (logits: Matrix, cache: Cache)

    /// Adds ∂loss/∂parameters to `gradient`.
    func backward(_ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Self)

    /// Shows every parameter under its name in the checkpoint, in an order that never changes.
    mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows

    /// The same with names that begin in another way, as a file of another class has them.
    mutating func visit(prefix: String, _ body: (Parameter, inout Matrix) throws -> Void) rethrows

    /// Whether `transformers` has a class for the network with its head.
    var isNative: Bool { get }

    /// Whether gradients are asked of a parameter, for each.
    var learning: [Bool] { get }

    /// Freezes everything but the head, and lets adapters learn in the layers that a plan names.
    ///
    /// - Parameters:
    ///   - skippedBlocks: so many of the lowest blocks get none.
    ///   - seed: of the first factors.
    /// - Returns: how many layers of the checkpoint are adapted; 0 for a network that has none to adapt.
    mutating func adapt(_ plan: LowRankPlan, skippedBlocks: Int, seed: UInt64) -> Int

    /// Brings the weights to what their adapters say. To be called whenever those have moved.
    mutating func mergeAdapters()

    /// The table of words where it may be narrowed to those that are used: where no output needs them all.
    var narrowableWords: Matrix? { get set }

    /// What logits are divided by before softmax; written into the checkpoint.
    var temperature: Float { get set }
}

extension Network {
    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try visit(prefix: configuration.encoderPrefix, body)
    }

    /// Every parameter, sharing memory with the model.
    public var parameters: [(parameter: Parameter, matrix: Matrix)] {
        var copy = self
        var result: [(Parameter, Matrix)] = []
        copy.visit { parameter, matrix in result.append((parameter, matrix)) }
        return result
    }

    /// A gradient to add to: of the model's shape, all zeros.
    public var zeroGradient: Self {
        var gradient = self
        gradient.visit { _, matrix in matrix = Matrix(rows: matrix.rows, columns: matrix.columns) }
        return gradient
    }
}
