extension ModelFamily {
    /// BERT without types of text, and with a rectified layer before its classifier (Sanh et al.,
    /// [arXiv:1910.01108](https://arxiv.org/abs/1910.01108)).
    static let distilBERT = ModelFamily(
        name: "distilbert", classPrefix: "DistilBert", prefix: "distilbert.",
        keys: [
            "hidden_size": "dim", "num_hidden_layers": "n_layers", "num_attention_heads": "n_heads",
            "intermediate_size": "hidden_dim", "hidden_dropout_prob": "dropout",
            "attention_probs_dropout_prob": "attention_dropout",
        ],
        defaults: ["type_vocab_size": 0], required: ["activation": .string("gelu")],
        tensors: [
            ("encoder.layer.", "transformer.layer."),
            ("attention.self.query.", "attention.q_lin."), ("attention.self.key.", "attention.k_lin."),
            ("attention.self.value.", "attention.v_lin."),
            ("attention.output.dense.", "attention.out_lin."),
            ("attention.output.LayerNorm.", "sa_layer_norm."), ("intermediate.dense.", "ffn.lin1."),
            ("output.dense.", "ffn.lin2."), ("output.LayerNorm.", "output_layer_norm."),
        ],
        head: HeadForm(
            activation: .relu,
            tensors: [("pooler.dense.", "pre_classifier."), ("classifier.", "classifier.")]),
        maskedTokens: MaskedTokenNames(
            dense: "vocab_transform.", norm: "vocab_layer_norm.", bias: "vocab_projector.bias"))
}
