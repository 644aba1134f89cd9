import Corpus
public import Tensors

/// An encoder with a classification head, in the form that learns: f32 weights, explicit gradients.
public struct TextClassificationModel: Sendable {
    public private(set) var configuration: ModelConfiguration
    public var encoder: Encoder
    public var head: SequenceClassificationHead

    public struct Cache: Sendable {
        let encoder: Encoder.Cache
        let head: SequenceClassificationHead.Cache
    }

    /// All zeros but the norms: the shape of a model, and of its gradient.
    public init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        encoder = Encoder(configuration)
        head = SequenceClassificationHead(
            hiddenSize: configuration.hiddenSize, labels: configuration.labels.count,
            pooling: configuration.pooling)
    }

    /// A gradient to add to: of the model's shape, all zeros.
    public var zeroGradient: TextClassificationModel {
        var gradient = self
        gradient.visit { _, matrix in matrix = Matrix(rows: matrix.rows, columns: matrix.columns) }
        return gradient
    }

    /// - Returns: logits [s, k].
    public func forward(_ pass: Pass) -> (logits: Matrix, cache: Cache) {
        let (hidden, encoderCache) = encoder.forward(pass)
        let (logits, headCache) = head.forward(hidden, pass)
        return (logits, Cache(encoder: encoderCache, head: headCache))
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout TextClassificationModel
    ) {
        let dhidden = head.backward(dlogits, cache.head, pass, into: &gradient.head)
        encoder.backward(dhidden, cache.encoder, pass, into: &gradient.encoder)
    }

    /// Shows every parameter under its name in the checkpoint, in an order that never changes.
    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        let prefix = configuration.encoderPrefix
        try encoder.visit(prefix, body)
        try head.visit(encoderPrefix: prefix, body)
    }

    /// What logits are divided by before softmax; written into the checkpoint.
    public var temperature: Float {
        get { configuration.temperature }
        set { configuration.temperature = newValue }
    }

    /// Every parameter, sharing memory with the model.
    public var parameters: [(parameter: Parameter, matrix: Matrix)] {
        var copy = self
        var result: [(Parameter, Matrix)] = []
        copy.visit { parameter, matrix in result.append((parameter, matrix)) }
        return result
    }

    /// Gives the classifier small random weights: normal with a deviation of 0.02, as BERT began.
    public mutating func initializeHead(seed: UInt64) {
        var random = Philox(seed: seed, stream: .max)
        let (rows, columns) = (head.classifier.weight.rows, head.classifier.weight.columns)
        let values = (0..<rows * columns).map { _ in Float(random.nextNormal() * 0.02) }
        head.classifier.weight = Matrix(rows: rows, columns: columns, values: values)
        head.classifier.bias = Matrix(rows: 1, columns: rows)
    }
}

extension Matrix {
    /// Writes zeros, in place where nobody else holds the memory.
    public mutating func setZero() {
        unsafe withUnsafeMutable { unsafe $0.update(repeating: 0) }
    }
}
