import Foundation
import Tokenizers
import Transformers

/// A model that begins from nothing: its sizes, and a tokenizer that is learned from the text.
public struct NewModel: Codable, Sendable, Equatable {
    public enum Family: String, Codable, Sendable, CaseIterable {
        /// WordPiece, and masks.
        case bert
        /// Byte-level BPE, and masks.
        case roberta
        /// Byte-level BPE, and the next token.
        case gpt2
    }

    public var family: Family
    public var layers = 4
    /// The width of the blocks; four times of it is that of their feed-forward.
    public var hidden = 256
    public var heads = 4
    /// Tokens, special ones included.
    public var vocabulary = 8_000
    /// Whether letters are lowered, where WordPiece is learned.
    public var lowercases = true

    public init(_ family: Family) {
        self.family = family
    }

    /// So much text is read for the tokenizer: frequent words are soon known.
    static let tokenizerBytes = 64 << 20

    /// Learns the tokenizer and writes a folder to continue from, with small random weights.
    ///
    /// - Parameters:
    ///   - texts: the files; what is held out takes no part.
    ///   - length: of sequences, in tokens: as many positions there are.
    /// - Throws: `TrainingError.badArgument`, `PretrainingError`, `CheckpointError`.
    public func write(
        to folder: String, texts: [String], heldOutShare: Double, length: Int, seed: UInt64
    ) throws {
        try validate(length)
        var files: [TextFile] = []
        for path in texts { files.append(try TextFile(path)) }
        let text = try RawText(files, heldOutShare: heldOutShare, seed: seed)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let tokenizer = try tokenizer(of: text)
        try tokenizer.write(folder: folder)
        try Self.write(settings, to: folder + "/tokenizer_config.json")
        let configuration = configuration(tokens: tokenizer.tokens.count, length: length)
        try Checkpoint.create(
            configuration: try JSONSerialization.data(withJSONObject: configuration), seed: seed, in: folder)
    }

    private func validate(_ length: Int) throws(TrainingError) {
        func check(_ name: String, _ isValid: Bool, _ range: String) throws(TrainingError) {
            guard isValid else { throw .badArgument(name, range: range) }
        }
        try check("layers", 1...100 ~= layers, "from 1 to 100")
        try check("heads", 1...256 ~= heads, "from 1 to 256")
        try check(
            "hidden", 1...16_384 ~= hidden && hidden % heads == 0,
            "a multiple of heads, \(heads), up to 16384")
        try check("vocabulary", 300...1_000_000 ~= vocabulary, "from 300 to 1000000")
        try check("max_length", 8...512 ~= length, "from 8 to 512")
    }

    // MARK: The tokenizer

    private func tokenizer(of text: RawText) throws -> TrainedTokenizer {
        switch family {
        case .bert:
            var trainer = WordPieceTrainer(
                vocabularySize: vocabulary, minimumFrequency: 2, lowercases: lowercases)
            // An alphabet of thousands of rare signs would leave no room for words.
            trainer.alphabetLimit = min(1_000, vocabulary / 4)
            try eachPassage(of: text) { trainer.add($0) }
            return trainer.train()
        case .roberta, .gpt2:
            var trainer = ByteLevelBPETrainer(
                style: family == .gpt2 ? .gpt2 : .roberta, vocabularySize: vocabulary, minimumFrequency: 2,
                addsPrefixSpace: family == .roberta)
            try eachPassage(of: text) { trainer.add($0) }
            return trainer.train()
        }
    }

    private func eachPassage(of text: RawText, _ body: (String) -> Void) throws {
        var bytes = 0
        for block in text.order(pass: 0) where bytes < Self.tokenizerBytes {
            for passage in try text.passages(ofBlock: block, heldOut: false) {
                body(passage.text)
                bytes += passage.text.utf8.count
            }
        }
    }

    /// `tokenizer_config.json`: what the special tokens are for.
    private var settings: [String: Any] {
        switch family {
        case .bert:
            [
                "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", "unk_token": "[UNK]",
                "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]",
            ]
        case .roberta:
            [
                "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "unk_token": "<unk>",
                "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>", "bos_token": "<s>",
                "eos_token": "</s>",
            ]
        case .gpt2:
            [
                "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|endoftext|>",
                "eos_token": "<|endoftext|>",
            ]
        }
    }

    // MARK: The network

    /// `config.json` under the family's names.
    private func configuration(tokens: Int, length: Int) -> [String: Any] {
        if family == .gpt2 {
            return [
                "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": tokens,
                "n_embd": hidden, "n_layer": layers, "n_head": heads, "n_inner": 4 * hidden,
                "n_positions": length, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new",
                "resid_pdrop": 0.1, "embd_pdrop": 0.1, "attn_pdrop": 0.1, "bos_token_id": 0,
                "eos_token_id": 0, "tie_word_embeddings": true,
            ]
        }
        let isRoberta = family == .roberta
        return [
            "model_type": family.rawValue,
            "architectures": [isRoberta ? "RobertaForMaskedLM" : "BertForMaskedLM"],
            "vocab_size": tokens, "hidden_size": hidden, "num_hidden_layers": layers,
            "num_attention_heads": heads, "intermediate_size": 4 * hidden, "hidden_act": "gelu",
            // RoBERTa counts positions from behind the padding token's id.
            "max_position_embeddings": isRoberta ? length + 2 : length, "pad_token_id": isRoberta ? 1 : 0,
            "type_vocab_size": isRoberta ? 1 : 2, "layer_norm_eps": isRoberta ? 1e-5 : 1e-12,
            "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "tie_word_embeddings": true,
        ]
    }

    private static func write(_ object: [String: Any], to path: String) throws {
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
        ]
        try JSONSerialization.data(withJSONObject: object, options: options).write(
            to: URL(filePath: path), options: .atomic)
    }
}
