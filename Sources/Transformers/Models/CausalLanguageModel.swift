public import Tensors

/// A decoder that says how probable each token is as the next one, in the form that learns.
///
/// The table of words is held once, in the decoder, and the head borrows it: logits = hidden·wordᵀ. Its
/// gradient receives both what tokens read of it and what they were scored with.
public struct CausalLanguageModel: Network {
    public private(set) var configuration: ModelConfiguration
    public var decoder: CausalDecoder

    public struct Cache: Sendable {
        let decoder: CausalDecoder.Cache
        let hidden: Activations
    }

    public init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        decoder = CausalDecoder(configuration)
    }

    /// - Returns: logits [n, v].
    public func forward(_ pass: Pass) -> (logits: Matrix, cache: Cache) {
        let (hidden, decoderCache) = decoder.forward(pass)
        let narrow = pass.narrowed(hidden)
        let logits = PackedWeights(decoder.word, bias: nil, pass.precision).apply(to: narrow)
        return (logits, Cache(decoder: decoderCache, hidden: narrow))
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout CausalLanguageModel
    ) {
        let narrow = pass.narrowed(dlogits)
        if pass.frozenBlocks == 0 {
            gradient.decoder.word.addProduct(transposeOf: narrow, cache.hidden)
        }
        decoder.backward(narrow.times(decoder.word), cache.decoder, pass, into: &gradient.decoder)
    }

    public mutating func visit(
        prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        let family = configuration.family
        try decoder.visit { parameter, matrix in
            try body(parameter.named { family.tensorName($0, prefix: prefix) }, &matrix)
        }
    }

    public var isNative: Bool { true }
    public var learning: [Bool] { parameters.map { _ in true } }
    public mutating func mergeAdapters() {}

    public mutating func adapt(_ plan: LowRankPlan, skippedBlocks: Int, seed: UInt64) -> Int { 0 }

    /// Every word is scored at every token: none can be left out.
    public var narrowableWords: Matrix? {
        get { nil }
        set {}
    }

    public var temperature: Float {
        get { configuration.temperature }
        set { configuration.temperature = newValue }
    }
}
