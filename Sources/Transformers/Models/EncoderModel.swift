import Corpus
public import Tensors

/// An encoder with a head, in the form that learns: f32 weights, explicit gradients.
public struct EncoderModel<TaskHead: Head>: Sendable {
    public private(set) var configuration: ModelConfiguration
    public var encoder: Encoder
    public var head: TaskHead

    public struct Cache: Sendable {
        let encoder: Encoder.Cache
        let head: TaskHead.Cache
    }

    /// All zeros but the norms: the shape of a model, and of its gradient.
    public init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        encoder = Encoder(configuration)
        head = TaskHead(configuration)
    }

    /// A gradient to add to: of the model's shape, all zeros.
    public var zeroGradient: Self {
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
        _ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Self
    ) {
        let dhidden = head.backward(dlogits, cache.head, pass, into: &gradient.head)
        encoder.backward(dhidden, cache.encoder, pass, into: &gradient.encoder)
    }

    /// Shows every parameter under its name in the checkpoint, in an order that never changes.
    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try visit(prefix: configuration.encoderPrefix, body)
    }

    /// The same with names that begin in another way, as a file of another class has them.
    mutating func visit(
        prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        let family = configuration.family
        let hasFamilyNames = head.hasFamilyNames
        func named(_ parameter: Parameter, isHead: Bool) -> Parameter {
            var parameter = parameter
            parameter.names = parameter.names.map {
                if hasFamilyNames, isHead, let own = family.headTensorName($0) { return own }
                return parameter.isHead ? $0 : family.tensorName($0, prefix: prefix)
            }
            return parameter
        }
        try encoder.visit("") { try body(named($0, isHead: false), &$1) }
        try head.visit { try body(named($0, isHead: true), &$1) }
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

/// An encoder that says which class a text belongs to.
public typealias TextClassificationModel = EncoderModel<SequenceClassificationHead>

extension Matrix {
    /// Writes zeros, in place where nobody else holds the memory.
    public mutating func setZero() {
        unsafe withUnsafeMutable { unsafe $0.update(repeating: 0) }
    }
}
