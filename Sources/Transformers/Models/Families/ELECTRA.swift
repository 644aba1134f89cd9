extension ModelFamily {
    /// The discriminator, and the generator that masks are filled by: BERT over embeddings that may be narrower than the blocks, and are projected
    /// (Clark et al., [arXiv:2003.10555](https://arxiv.org/abs/2003.10555)).
    static let electra = ModelFamily(
        name: "electra", classPrefix: "Electra", prefix: "electra.",
        required: ["hidden_act": .string("gelu"), "position_embedding_type": .string("absolute")],
        head: .own(.gelu),
        maskedTokens: MaskedTokenNames(
            dense: "generator_predictions.dense.", norm: "generator_predictions.LayerNorm.",
            bias: "generator_lm_head.bias"))
}
