public import Corpus
import Foundation
import Tensors
public import Tokenizers

/// A Hugging Face model folder: `config.json`, `model.safetensors` and the tokenizer's files.
///
/// What Hone writes, `transformers` reads. A model with `Pooling.cls` is a
/// `BertForSequenceClassification`. One with `Pooling.mean` is a `BertModel` with its classifier
/// beside it, for which `transformers` has no class; these lines give its logits:
///
/// ```python
/// encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False).eval()
/// head = load_file(f"{folder}/model.safetensors")
/// batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
/// mask = batch["attention_mask"].unsqueeze(-1)
/// mean = (encoder(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)
/// logits = mean @ head["classifier.weight"].T + head["classifier.bias"]
/// ```
///
/// See <doc:LoadingInTransformers>; `Tests/Reference/check_checkpoint.py` compares the two.
public struct Checkpoint: Sendable {
    public let folder: String
    public var configuration: ModelConfiguration
    public let tokenizer: any Tokenizer
    private let weights: Safetensors

    /// Opens a folder; weights are read when they are asked for.
    ///
    /// - Throws: `CheckpointError`.
    public init(_ folder: String) throws(CheckpointError) {
        self.folder = folder
        let file = folder + "/" + CheckpointFile.configuration
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .missingFile(CheckpointFile.configuration, folder: folder)
        }
        guard FileManager.default.fileExists(atPath: folder + "/" + CheckpointFile.weights) else {
            throw .missingFile(CheckpointFile.weights, folder: folder)
        }
        do { weights = try Safetensors(folder + "/" + CheckpointFile.weights) } catch {
            throw .weights(error)
        }
        configuration = try ModelConfiguration(
            parsing: data, file: file, outputs: weights.tensors["classifier.weight"]?.shape.first ?? 0)
        if weights.tensors["bert.embeddings.word_embeddings.weight"] != nil {
            configuration.encoderPrefix = "bert."
        }
        do { tokenizer = try loadTokenizer(folder: folder) } catch { throw .tokenizer("\(error)") }
        try checkSizes()
    }

    /// Sizes that do not belong together are found before any memory is asked for by them.
    private func checkSizes() throws(CheckpointError) {
        guard tokenizer.vocabulary.count <= configuration.vocabularySize else {
            throw .vocabulary(
                folder: folder, tokenizer: tokenizer.vocabulary.count, model: configuration.vocabularySize)
        }
        // Special tokens come from a list of their own in the file; this shows all of them.
        let room = min(8, configuration.maximumPositions)
        for pair in [nil, "b"] {
            let probe = tokenizer.encode("a", pair: pair, maximumLength: room)
            guard probe.ids.allSatisfy({ 0..<Int32(configuration.vocabularySize) ~= $0 }),
                probe.typeIDs.allSatisfy({ $0 >= 0 }), (1...room).contains(probe.ids.count)
            else {
                throw .tokenizer(
                    "\(folder): the tokenizer gives special tokens that the model does not embed: "
                        + "copy the tokenizer's files again from where the model came from")
            }
        }
        let held = weights.tensors.values.reduce(0.0) { $0 + $1.shape.reduce(1.0) { $0 * Double($1) } }
        guard configuration.parameterCount <= held else {
            throw .size(folder: folder, described: configuration.parameterCount, held: held)
        }
    }

    /// The longest text in tokens: what the position embeddings reach, and 512 at most.
    public var maximumLength: Int { min(512, configuration.maximumPositions) }

    // MARK: Reading

    /// Reads all weights of a model that has its head.
    public func classificationModel() throws(CheckpointError) -> TextClassificationModel {
        guard configuration.labels.count >= 2 else { throw .noHead(folder: folder) }
        var model = TextClassificationModel(configuration)
        try model.readParameters { parameter, matrix throws(CheckpointError) in try read(parameter, &matrix) }
        return model
    }

    /// Reads the head alone.
    func head() throws(CheckpointError) -> SequenceClassificationHead {
        guard configuration.labels.count >= 2 else { throw .noHead(folder: folder) }
        var head = SequenceClassificationHead(
            hiddenSize: configuration.hiddenSize, labels: configuration.labels.count,
            pooling: configuration.pooling)
        var failure: CheckpointError?
        head.visit(encoderPrefix: configuration.encoderPrefix) { parameter, matrix in
            guard failure == nil else { return }
            do throws(CheckpointError) { try read(parameter, &matrix) } catch { failure = error }
        }
        if let failure { throw failure }
        return head
    }

    /// The same network for a label set of the caller's.
    ///
    /// Labels that the checkpoint knows keep their row of the classifier, whatever their place; rows
    /// of new labels are small and random. A checkpoint without a head gets one over the mean.
    public func model(for labels: LabelSet, seed: UInt64) throws(CheckpointError) -> TextClassificationModel {
        let own = configuration.labels
        if own == labels { return try classificationModel() }
        var fresh = configuration
        fresh.labels = labels
        fresh.temperature = 1
        var model = TextClassificationModel(fresh)
        try model.readParameters { parameter, matrix throws(CheckpointError) in
            guard !parameter.isHead else { return }
            try read(parameter, &matrix)
        }
        model.initializeHead(seed: seed)
        guard own.count > 0 else { return model }
        let rows = try tensor("classifier.weight", [own.count, fresh.hiddenSize])
        let biases = try tensor("classifier.bias", [own.count])
        for (index, name) in labels.names.enumerated() {
            guard let old = own.index(of: name) else { continue }
            model.head.classifier.bias[0, index] = biases[0, old]
            for c in 0..<fresh.hiddenSize { model.head.classifier.weight[index, c] = rows[old, c] }
        }
        return model
    }

    /// Reads one parameter; the rows of several tensors lie one after another.
    private func read(_ parameter: Parameter, _ matrix: inout Matrix) throws(CheckpointError) {
        let shape = parameter.shape(of: matrix)
        guard parameter.names.count > 1 else {
            matrix = try tensor(parameter.names[0], shape)
            return
        }
        var values: [Float] = []
        for name in parameter.names { values += try tensor(name, shape).values }
        matrix = Matrix(rows: matrix.rows, columns: matrix.columns, values: values)
    }

    private func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Matrix {
        do { return try weights.matrix(name, shape: shape) } catch { throw .weights(error) }
    }
}

/// The files of a checkpoint.
enum CheckpointFile {
    static let configuration = "config.json"
    static let weights = "model.safetensors"
    /// Copied as they are, where they exist.
    static let tokenizer = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.txt",
    ]
}

extension Parameter {
    /// Whether it belongs to the classifier, whose rows are the labels.
    package var isHead: Bool { names[0].hasPrefix("classifier.") }

    /// How many blocks lie below it: 0 for the lowest block's own, -1 for the embeddings, `nil` for the
    /// pooler and the classifier, which lie above them all.
    package var block: Int? {
        guard !isHead, !names[0].contains("pooler.") else { return nil }
        guard let start = names[0].firstRange(of: "encoder.layer.")?.upperBound else { return -1 }
        return Int(names[0][start...].prefix(while: \.isNumber))
    }
}

extension TextClassificationModel {
    /// `visit` for a body whose errors are `CheckpointError`s.
    fileprivate mutating func readParameters(
        _ body: (Parameter, inout Matrix) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        var failure: CheckpointError?
        visit { parameter, matrix in
            guard failure == nil else { return }
            do throws(CheckpointError) { try body(parameter, &matrix) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
