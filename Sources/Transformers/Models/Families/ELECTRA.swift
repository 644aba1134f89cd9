extension ModelFamily {
    /// The discriminator: BERT over embeddings that may be narrower than the blocks, and are projected
    /// (Clark et al., [arXiv:2003.10555](https://arxiv.org/abs/2003.10555)).
    static let electra = ModelFamily(
        name: "electra", classPrefix: "Electra", prefix: "electra.",
        required: ["hidden_act": .string("gelu"), "position_embedding_type": .string("absolute")],
        head: .own(.gelu))
}
