public import Tensors

/// An encoder that says what stood where a token was masked: how BERT and its family are pre-trained.
///
/// The table of words is held once, in the encoder, and the head borrows it. Its gradient receives both what
/// tokens read of it and what they were scored with.
///
/// Source: Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805).
public struct MaskedLanguageModel: Network {
    public private(set) var configuration: ModelConfiguration
    public var encoder: Encoder
    public var head: MaskedTokenHead

    public struct Cache: Sendable {
        let encoder: Encoder.Cache
        let head: MaskedTokenHead.Cache
    }

    public init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        encoder = Encoder(configuration)
        head = MaskedTokenHead(configuration)
    }

    /// Only tokens that are asked for are scored: the product with the vocabulary is the largest of all, and
    /// six of seven tokens are not masked.
    ///
    /// - Returns: logits, [a, v], of the tokens that `pass.asked` names, or of all of them.
    public func forward(_ pass: Pass) -> (logits: Matrix, cache: Cache) {
        let (hidden, encoderCache) = encoder.forward(pass)
        let asked = pass.asked.map(hidden.rows) ?? hidden
        let (logits, headCache) = head.forward(asked, words: encoder.embedding.word, pass)
        return (logits, Cache(encoder: encoderCache, head: headCache))
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout MaskedLanguageModel
    ) {
        let narrow = pass.narrowed(dlogits)
        if pass.frozenBlocks == 0 {
            gradient.encoder.embedding.word.addProduct(transposeOf: narrow, cache.head.scored)
        }
        let dasked = head.backward(
            narrow, words: encoder.embedding.word, cache.head, pass, into: &gradient.head)
        var dhidden = dasked
        if let asked = pass.asked {
            dhidden = Matrix(rows: pass.batch.tokens, columns: dasked.columns)
            dhidden.addRows(dasked, at: asked.map(Int32.init))
        }
        encoder.backward(dhidden, cache.encoder, pass, into: &gradient.encoder)
    }

    public mutating func visit(
        prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        let family = configuration.family
        try encoder.visit("") { parameter, matrix in
            try body(parameter.named { family.tensorName($0, prefix: prefix) }, &matrix)
        }
        try head.visit { parameter, matrix in
            try body(parameter.named(family.maskedTokenName), &matrix)
        }
    }

    public var isNative: Bool { true }
    public var learning: [Bool] { parameters.map { _ in true } }
    public mutating func mergeAdapters() {}

    public mutating func adapt(_ plan: LowRankPlan, skippedBlocks: Int, seed: UInt64) -> Int { 0 }

    /// Every word is scored: none can be left out.
    public var narrowableWords: Matrix? {
        get { nil }
        set {}
    }

    public var temperature: Float {
        get { configuration.temperature }
        set { configuration.temperature = newValue }
    }
}
