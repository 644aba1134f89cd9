import Foundation
public import Tensors
public import Tokenizers

/// What a model is asked to write.
public struct GenerationRequest: Sendable, Equatable {
    public var sampling = Sampling()
    /// The most tokens that are written.
    public var maximumTokens = 128
    /// Writing ends before the first of these, and the text is without it.
    public var stops: [String] = []
    /// Of the draws; the same seed gives the same text.
    public var seed: UInt64 = 1

    public init() {}
}

/// What a model wrote.
public struct Generation: Sendable, Equatable {
    public enum Ending: String, Sendable, Codable { case stop, length }

    public var ids: [Int32]
    public var text: String
    /// `stop` where the model, or a stop string, ended the text.
    public var ending: Ending
    /// Tokens of the prompt that were read.
    public var promptTokens: Int
}

/// A language model that serves: a tokenizer and a compiled network, immutable.
public struct TextGenerator: Sendable {
    public let tokenizer: any Tokenizer
    /// How many tokens prompt and text can have together.
    public var maximumLength: Int { decoder.positions }
    private let decoder: CompiledDecoder
    private let endTokenID: Int32?

    /// Loads and compiles a model folder.
    ///
    /// - Throws: `CheckpointError`.
    public init(folder: String, precision: Precision = .f32) throws(CheckpointError) {
        let checkpoint = try Checkpoint(folder)
        self.init(try checkpoint.languageModel(), tokenizer: checkpoint.tokenizer, precision: precision)
    }

    /// Compiles a model that is in memory.
    public init(_ model: CausalLanguageModel, tokenizer: any Tokenizer, precision: Precision = .f32) {
        decoder = CompiledDecoder(model, precision)
        endTokenID = model.configuration.endTokenID
        self.tokenizer = tokenizer
    }

    /// Continues a text.
    ///
    /// A prompt that leaves no room is cut at its beginning.
    ///
    /// - Parameter receive: is given each piece of text as soon as it is certain; `false` ends the writing.
    public func generate(
        _ prompt: String, _ request: GenerationRequest, receive: (String) -> Bool = { _ in true }
    ) -> Generation {
        let ids = tokenizer.encode(prompt, pair: nil, maximumLength: 1 << 30).ids
        // What ends one text begins the next: a text out of nothing goes on from there.
        return generate(ids.isEmpty ? [endTokenID ?? 0] : ids, request, receive: receive)
    }

    /// The same for a prompt that is tokenized already.
    ///
    /// - Precondition: the prompt is not empty.
    public func generate(
        _ prompt: [Int32], _ request: GenerationRequest, receive: (String) -> Bool = { _ in true }
    ) -> Generation {
        precondition(!prompt.isEmpty, "a prompt needs at least one token to go on from")
        let room = max(1, min(request.maximumTokens, maximumLength - 1))
        let prompt = Array(prompt.suffix(maximumLength - room))
        var cache = decoder.cache(capacity: prompt.count + room)
        var random = Philox(seed: request.seed, stream: 0)
        var written = WrittenText(tokenizer: tokenizer, stops: request.stops)
        var all = prompt
        var unread = prompt
        while written.ids.count < room {
            let scores = request.sampling.scores(decoder.logits(after: unread, &cache), text: all)
            let uniform = request.sampling.isSampling ? Double.random(in: 0..<1, using: &random) : 0
            let id = request.sampling.choice(scores, uniform: uniform)
            if id == endTokenID { return written.generation(.stop, prompt: prompt.count, receive) }
            all.append(id)
            unread = [id]
            if let piece = written.append(id), !receive(piece) {
                return written.generation(.stop, prompt: prompt.count) { _ in true }
            }
            if written.isStopped { return written.generation(.stop, prompt: prompt.count, receive) }
        }
        return written.generation(.length, prompt: prompt.count, receive)
    }
}
