extension ModelFamily {
    /// BERT trained for longer, with positions that begin behind the padding token's id, one type of text,
    /// and a head of its own (Liu et al., [arXiv:1907.11692](https://arxiv.org/abs/1907.11692)).
    static let roberta = robertaLike(name: "roberta", classPrefix: "Roberta")

    /// RoBERTa in a hundred languages (Conneau et al., [arXiv:1911.02116](https://arxiv.org/abs/1911.02116)).
    static let xlmRoberta = robertaLike(name: "xlm-roberta", classPrefix: "XLMRoberta")

    private static func robertaLike(name: String, classPrefix: String) -> ModelFamily {
        ModelFamily(
            name: name, classPrefix: classPrefix, prefix: "roberta.",
            defaults: ["pad_token_id": 1],
            required: ["hidden_act": .string("gelu"), "position_embedding_type": .string("absolute")],
            startsBehindPadding: true, head: .own(.tanh), maskedTokens: .languageModelHead)
    }
}
