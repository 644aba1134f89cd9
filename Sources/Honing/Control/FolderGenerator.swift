import Tensors
import Transformers

/// A model folder that writes texts by itself, without a daemon: for `hone generate`.
public struct FolderGenerator: Sendable {
    private let generator: TextGenerator

    /// - Throws: `CheckpointError` with what is wrong in the folder.
    public init(_ folder: String) throws {
        generator = try TextGenerator(folder: folder, precision: .preferred)
    }

    /// Continues a prompt.
    ///
    /// - Parameter receive: is given each piece of text as soon as it is certain.
    /// - Throws: `GenerationProblem` for wishes without sense.
    public func generate(_ prompt: String, _ wishes: GenerationWishes, receive: (String) -> Void) throws
        -> GeneratedText
    {
        let begun = ContinuousClock.now
        let generation = generator.generate(prompt, try wishes.request()) {
            receive($0)
            return true
        }
        return GeneratedText(
            text: generation.text, finishReason: generation.ending.rawValue,
            promptTokens: generation.promptTokens, completionTokens: generation.ids.count,
            seconds: (ContinuousClock.now - begun) / .seconds(1))
    }
}

/// How a text is to be written, in the words of `transformers`.
public struct GenerationWishes: Sendable, Equatable {
    public var maximumTokens = 128
    /// 0 takes the most probable token each time; above it, tokens are drawn.
    public var temperature = 0.0
    /// `nil` draws from all.
    public var topK: Int?
    public var topP: Double?
    public var repetitionPenalty = 1.0
    public var stops: [String] = []
    public var seed: UInt64 = 1

    public init() {}

    /// - Throws: `GenerationProblem` for wishes without sense.
    public func check() throws(GenerationProblem) { _ = try request() }

    func request() throws(GenerationProblem) -> GenerationRequest {
        guard maximumTokens > 0 else { throw GenerationProblem("max_tokens must be at least 1") }
        guard temperature >= 0 else { throw GenerationProblem("temperature must be 0 (greedy) or more") }
        var request = GenerationRequest()
        request.maximumTokens = maximumTokens
        request.stops = stops
        request.seed = seed
        request.sampling.isSampling = temperature > 0
        if temperature > 0 { request.sampling.temperature = Float(temperature) }
        request.sampling.topK = topK ?? 0
        request.sampling.topP = Float(topP ?? 1)
        request.sampling.repetitionPenalty = Float(repetitionPenalty)
        if let problem = request.sampling.problem { throw GenerationProblem(problem) }
        return request
    }
}

/// Which wish makes no sense, and what it must be.
public struct GenerationProblem: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// What was written, and what it cost.
public struct GeneratedText: Codable, Sendable, Equatable {
    public var text: String
    /// `stop` where the model, or a stop string, ended the text; `length` where the limit did.
    public var finishReason: String
    public var promptTokens: Int
    public var completionTokens: Int
    public var seconds: Double
}
