extension ModelFamily {
    /// Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805). MiniLM is the same network
    /// with other sizes ([arXiv:2002.10957](https://arxiv.org/abs/2002.10957)).
    static let bert = ModelFamily(
        name: "bert", classPrefix: "Bert", prefix: "bert.",
        required: ["hidden_act": .string("gelu"), "position_embedding_type": .string("absolute")])
}
