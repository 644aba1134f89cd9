extension ModelFamily {
    /// RoBERTa's positions, no types of text, and a bias on attention by the distance of two tokens
    /// (Song et al., [arXiv:2004.09297](https://arxiv.org/abs/2004.09297)).
    static let mpnet = ModelFamily(
        name: "mpnet", classPrefix: "MPNet", prefix: "mpnet.",
        defaults: ["type_vocab_size": 0, "pad_token_id": 1, "relative_attention_num_buckets": 32],
        required: ["hidden_act": .string("gelu")],
        tensors: [
            ("attention.self.query.", "attention.attn.q."), ("attention.self.key.", "attention.attn.k."),
            ("attention.self.value.", "attention.attn.v."),
            ("attention.output.dense.", "attention.attn.o."),
            ("attention.output.LayerNorm.", "attention.LayerNorm."),
        ],
        startsBehindPadding: true, head: .own(.tanh), maskedTokens: .languageModelHead)
}
