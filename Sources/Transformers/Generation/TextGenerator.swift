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
        let encoding = tokenizer.encode(prompt, pair: nil, maximumLength: .max)
        return generate(encoding.ids, request, receive: receive)
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
            let piece = written.append(id)
            if let piece, !receive(piece) {
                return written.generation(.stop, prompt: prompt.count) { _ in true }
            }
            if written.isStopped { return written.generation(.stop, prompt: prompt.count, receive) }
        }
        return written.generation(.length, prompt: prompt.count, receive)
    }
}

/// The text so far, and how much of it is certain: what may be the beginning of a stop string, or of a
/// character of several tokens, is held back.
struct WrittenText {
    let tokenizer: any Tokenizer
    let stops: [String]
    private(set) var ids: [Int32] = []
    private(set) var isStopped = false
    private var text = ""
    private var told = 0

    init(tokenizer: any Tokenizer, stops: [String]) {
        self.tokenizer = tokenizer
        self.stops = stops.filter { !$0.isEmpty }
    }

    /// - Returns: what is new and certain; `nil` for nothing yet.
    mutating func append(_ id: Int32) -> String? {
        ids.append(id)
        text = tokenizer.decode(ids)
        if let stop = stops.compactMap({ text.range(of: $0)?.lowerBound }).min() {
            text = String(text[..<stop])
            isStopped = true
            return nil
        }
        let scalars = Array(text.unicodeScalars)
        var certain = scalars.count
        // A token that ends within a character decodes to the replacement character for now.
        while certain > 0, scalars[certain - 1] == "\u{FFFD}" { certain -= 1 }
        for stop in stops {
            let stop = Array(stop.unicodeScalars)
            for length in stride(from: min(stop.count - 1, certain), to: 0, by: -1)
            where scalars[(certain - length)..<certain].elementsEqual(stop.prefix(length)) {
                certain -= length
                break
            }
        }
        return piece(to: certain, of: scalars)
    }

    private mutating func piece(to certain: Int, of scalars: [Unicode.Scalar]) -> String? {
        guard certain > told else { return nil }
        defer { told = certain }
        var piece = String.UnicodeScalarView()
        piece.append(contentsOf: scalars[told..<certain])
        return String(piece)
    }

    /// Tells what was held back, and what there is in all.
    mutating func generation(
        _ ending: Generation.Ending, prompt: Int, _ receive: (String) -> Bool
    ) -> Generation {
        let scalars = Array(text.unicodeScalars)
        if let piece = piece(to: scalars.count, of: scalars) { _ = receive(piece) }
        return Generation(ids: ids, text: text, ending: ending, promptTokens: prompt)
    }
}
