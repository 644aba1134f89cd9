import Tokenizers
public import Transformers

/// The answer to one request: a vector for each of its texts, in their order.
public struct EmbeddingReply: Sendable {
    public let modelVersion: Int
    public let vectors: [[Float]]
    /// Of all texts together.
    public let tokens: Int
    public let timing: PredictionReply.Timing
}

/// How vectors of texts are wished.
public struct EmbeddingShape: Sendable, Equatable {
    public var pooling = Pooling.mean
    /// Whether each has length 1, so that the product of two is the cosine of their angle.
    public var isNormalized = true
    /// So many of the first numbers; `nil` for all.
    public var dimensions: Int?
    /// Whether a text may be cut that is longer than the model reads.
    public var truncates = true

    public init() {}

    /// Takes a pooling by its name.
    ///
    /// - Returns: whether there is one of this name.
    public mutating func pool(by name: String) -> Bool {
        guard let named = Pooling(rawValue: name) else { return false }
        pooling = named
        return true
    }

    /// Cuts first, since what is cut no longer has length 1.
    func apply(to vector: [Float]) -> [Float] {
        let cut = dimensions.map { Array(vector.prefix($0)) } ?? vector
        guard isNormalized else { return cut }
        let length = cut.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? cut.map { Float(Double($0) / length) } : cut
    }
}

/// Why texts were given no vectors.
public enum EmbeddingError: Error, Equatable, CustomStringConvertible {
    case tooLong(text: Int, limit: Int)
    case dimensions(Int, width: Int)

    public var description: String {
        switch self {
        case .tooLong(let text, let limit):
            "text \(text) has more than the \(limit) tokens that the model reads: shorten it, or let it be cut "
                + "by leaving \"truncate\" out"
        case .dimensions(let wish, let width):
            "\"dimensions\" is \(wish), and the model's vectors have \(width) numbers: ask for 1 to \(width)"
        }
    }
}

extension Predictor {
    /// Turns texts into vectors for a client, with the model that would predict for it.
    ///
    /// - Throws: `PredictionError`, `EmbeddingError`.
    public func embed(
        _ texts: [String], _ shape: EmbeddingShape, requestID: String = "", version: Int? = nil
    ) async throws -> EmbeddingReply {
        let model = try model(of: version, requestID)
        let encoder = model.served.encoder
        if let wish = shape.dimensions, !(1...encoder.dimension).contains(wish) {
            throw EmbeddingError.dimensions(wish, width: encoder.dimension)
        }
        try refuseIfFull(adding: texts.count)
        let begun = ContinuousClock.now
        let encodings = try texts.enumerated().map { place, text in
            if shape.truncates { return encoder.encode(text, pair: nil) }
            guard let whole = encoder.encodeWhole(text) else {
                throw EmbeddingError.tooLong(text: place + 1, limit: encoder.maximumLength)
            }
            return whole
        }
        let tokenized = ContinuousClock.now - begun
        let answer = try await enqueue(encodings, model, .serving, .embed(shape.pooling))
        let reply = EmbeddingReply(
            modelVersion: model.version,
            vectors: answer.results.compactMap(\.vector).map(shape.apply(to:)),
            tokens: encodings.reduce(0) { $0 + $1.ids.count },
            timing: .init(tokenize: tokenized, queue: answer.waited, infer: answer.inferred))
        statistics.answered(
            texts: texts.count, tokens: reply.tokens, reply.timing, in: ContinuousClock.now - begun)
        return reply
    }
}
