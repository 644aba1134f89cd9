import Corpus
public import Tensors

/// An encoder with a head, in the form that learns: f32 weights, explicit gradients.
public struct EncoderModel<TaskHead: Head>: Network {
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

    /// The same with names that begin in another way, as a file of another class has them.
    public mutating func visit(
        prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        let family = configuration.family
        try encoder.visit("") { parameter, matrix in
            try body(parameter.named { family.tensorName($0, prefix: prefix) }, &matrix)
        }
        let configuration = configuration
        try head.visit { parameter, matrix in
            try body(Self.named(parameter, configuration, prefix: prefix), &matrix)
        }
    }

    /// A parameter of the head under its name in a file.
    static func named(
        _ parameter: Parameter, _ configuration: ModelConfiguration, prefix: String
    ) -> Parameter {
        parameter.named {
            TaskHead.tensorName($0, configuration)
                ?? (parameter.isHead ? $0 : configuration.family.tensorName($0, prefix: prefix))
        }
    }

    /// What logits are divided by before softmax; written into the checkpoint.
    public var temperature: Float {
        get { configuration.temperature }
        set { configuration.temperature = newValue }
    }

    public var isNative: Bool { TaskHead.isNative(configuration) }

    public var narrowableWords: Matrix? {
        get { encoder.embedding.word }
        set { if let newValue { encoder.embedding.word = newValue } }
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
