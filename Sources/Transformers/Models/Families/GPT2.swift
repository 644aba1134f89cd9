extension ModelFamily {
    /// The decoder of Radford et al., *Language Models are Unsupervised Multitask Learners* (2019);
    /// DistilGPT-2 is the same network with other sizes.
    static let gpt2 = ModelFamily(
        name: "gpt2", classPrefix: "GPT2", prefix: "transformer.",
        keys: [
            "hidden_size": "n_embd", "num_hidden_layers": "n_layer", "num_attention_heads": "n_head",
            "intermediate_size": "n_inner", "max_position_embeddings": "n_positions",
            "layer_norm_eps": "layer_norm_epsilon", "hidden_dropout_prob": "resid_pdrop",
            "attention_probs_dropout_prob": "attn_pdrop",
        ],
        defaults: ["type_vocab_size": 0, "layer_norm_eps": 1e-5],
        required: [
            "activation_function": .string("gelu_new"), "scale_attn_weights": .bool(true),
            "scale_attn_by_inverse_layer_idx": .bool(false), "tie_word_embeddings": .bool(true),
        ],
        tensors: [
            ("embeddings.word_embeddings.", "wte."), ("embeddings.position_embeddings.", "wpe."),
            ("encoder.layer.", "h."),
        ],
        isDecoder: true)
}
