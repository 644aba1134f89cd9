public import Corpus
import Foundation
import Tensors
public import Tokenizers

/// A Hugging Face model folder: `config.json`, `model.safetensors`, whole or divided, and the
/// tokenizer's files.
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
    private let weights: CheckpointWeights

    /// Opens a folder; weights are read when they are asked for.
    ///
    /// - Throws: `CheckpointError`.
    public init(_ folder: String) throws(CheckpointError) {
        self.folder = folder
        let file = folder + "/" + CheckpointFile.configuration
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .missingFile(CheckpointFile.configuration, folder: folder)
        }
        let weights = try CheckpointWeights(folder: folder)
        self.weights = weights
        configuration = try ModelConfiguration(parsing: data, file: file, rows: weights.rows)
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
        let room = min(8, configuration.reach)
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
        guard configuration.parameterCount <= weights.count else {
            throw .size(folder: folder, described: configuration.parameterCount, held: weights.count)
        }
    }

    /// The files that hold its weights.
    public var weightFiles: [String] { weights.paths }

    /// SHA-256 of a folder's weights; of weights in parts, that of the SHA-256 of all parts by their names.
    package static func weightsHash(of folder: String) throws -> ContentHash {
        ContentHash.joining(try CheckpointWeights(folder: folder).paths.map(ContentHash.ofFile))
    }

    /// The longest text in tokens: what the position embeddings reach, and 512 at most.
    public var maximumLength: Int { min(512, configuration.reach) }

    // MARK: Reading

    /// Reads all weights of a model that has its head.
    public func classificationModel() throws(CheckpointError) -> TextClassificationModel {
        try checkClassifies()
        return try model()
    }

    func checkClassifies() throws(CheckpointError) {
        guard configuration.task == .textClassification, !configuration.family.isDecoder else {
            throw .otherTask(folder: folder, is: configuration.task, asked: .textClassification)
        }
        guard configuration.labels.count >= 2 else { throw .noHead(folder: folder) }
    }

    /// Reads all weights of a model that has its head, of the kind that the caller names.
    func model<TaskHead>() throws(CheckpointError) -> EncoderModel<TaskHead> {
        var model = EncoderModel<TaskHead>(configuration)
        try model.readParameters { parameter, matrix throws(CheckpointError) in try read(parameter, &matrix) }
        return model
    }

    /// Reads the head alone.
    func head<TaskHead: Head>() throws(CheckpointError) -> TaskHead {
        var head = TaskHead(configuration)
        try readAll { read in
            head.visit { parameter, matrix in
                let prefix = configuration.encoderPrefix
                read(EncoderModel<TaskHead>.named(parameter, configuration, prefix: prefix), &matrix)
            }
        }
        return head
    }

    /// Reads the network below the head.
    func encoder() throws(CheckpointError) -> Encoder {
        var encoder = Encoder(configuration)
        let (family, prefix) = (configuration.family, configuration.encoderPrefix)
        try readAll { read in
            encoder.visit("") { parameter, matrix in
                read(parameter.named { family.tensorName($0, prefix: prefix) }, &matrix)
            }
        }
        return encoder
    }

    /// Lets `visit` show parameters under their names in the file; the first that fails ends the reading.
    private func readAll(
        _ visit: ((Parameter, inout Matrix) -> Void) -> Void
    ) throws(CheckpointError) {
        var failure: CheckpointError?
        visit { parameter, matrix in
            guard failure == nil else { return }
            do throws(CheckpointError) { try read(parameter, &matrix) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// The same network for a label set of the caller's.
    ///
    /// Labels that the checkpoint knows keep their row of the classifier, whatever their place; rows
    /// of new labels are small and random. A checkpoint without a head gets one over the mean.
    public func model(for labels: LabelSet, seed: UInt64) throws(CheckpointError) -> TextClassificationModel {
        try model(for: .textClassification, labels: labels, seed: seed)
    }

    /// The network with the head of a task: the checkpoint's own where it is of the same task.
    package func model<TaskHead>(
        for task: TaskKind, labels: LabelSet, seed: UInt64
    ) throws(CheckpointError) -> EncoderModel<TaskHead> {
        let isOwn = task == configuration.task
        let own = isOwn ? configuration.labels : LabelSet(names: [])
        let hasHead = task == .questionAnswering ? weights.rows("qa_outputs.weight") > 0 : own.count > 0
        if isOwn, hasHead, own == labels { return try model() }
        var fresh = configuration
        fresh.task = task
        fresh.predictsMaskedTokens = false
        fresh.labels = labels
        fresh.temperature = 1
        if task.readsWholeText, !configuration.task.readsWholeText { fresh.pooling = .mean }
        var model = EncoderModel<TaskHead>(fresh)
        var known: [Matrix] = []
        try model.readParameters { parameter, matrix throws(CheckpointError) in
            guard parameter.isHead else { return try read(parameter, &matrix) }
            guard own.count > 0 else { return }
            let shape = parameter.isVector ? [own.count] : [own.count, matrix.columns]
            known.append(try tensor(parameter.names[0], shape))
        }
        model.initializeHead(seed: seed)
        guard own.count > 0 else { return model }
        for (index, name) in labels.names.enumerated() {
            guard let old = own.index(of: name) else { continue }
            model.head.classifier.bias[0, index] = known[1][0, old]
            for c in 0..<fresh.hiddenSize { model.head.classifier.weight[index, c] = known[0][old, c] }
        }
        return model
    }

    /// Reads all weights of a decoder.
    ///
    /// - Throws: `CheckpointError`, also where the checkpoint is none of a decoder.
    public func languageModel() throws(CheckpointError) -> CausalLanguageModel {
        guard configuration.task == .textGeneration else {
            throw .otherTask(folder: folder, is: configuration.task, asked: .textGeneration)
        }
        var model = CausalLanguageModel(configuration)
        try model.readParameters { parameter, matrix throws(CheckpointError) in try read(parameter, &matrix) }
        return model
    }

    /// Reads an encoder and the head that says what stands behind masks. Where the checkpoint has none, the
    /// head begins small and random.
    ///
    /// - Parameter seed: of a head that begins.
    /// - Throws: `CheckpointError`, also where the checkpoint is one of a decoder.
    public func maskedLanguageModel(seed: UInt64) throws(CheckpointError) -> MaskedLanguageModel {
        guard !configuration.family.isDecoder else {
            throw .otherTask(folder: folder, is: configuration.task, asked: .textClassification)
        }
        guard configuration.sharesWords else {
            throw .badConfiguration(
                file: folder + "/" + CheckpointFile.configuration,
                reason: "\"tie_word_embeddings\" is false; only words scored by their own table are supported"
            )
        }
        var fresh = configuration
        fresh.predictsMaskedTokens = true
        // What a model was fine-tuned to is forgotten, its encoder is not.
        (fresh.task, fresh.labels, fresh.temperature) = (.textClassification, LabelSet(names: []), 1)
        (fresh.pooling, fresh.windows) = (.mean, nil)
        let hasHead = weights.rows(configuration.family.maskedTokens.bias) > 0
        var model = MaskedLanguageModel(fresh)
        try model.readParameters { parameter, matrix throws(CheckpointError) in
            if hasHead || !parameter.predictsMasks { try read(parameter, &matrix) }
        }
        if !hasHead { model.initialize(seed: seed, where: \.predictsMasks) }
        return model
    }

    /// Reads one parameter; the rows of several tensors lie one after another.
    private func read(_ parameter: Parameter, _ matrix: inout Matrix) throws(CheckpointError) {
        let shape = parameter.shape(of: matrix)
        guard parameter.names.count > 1 else {
            let found = try tensor(parameter.names[0], shape)
            matrix = parameter.isTransposed ? found.transposed() : found
            return
        }
        var values: [Float] = []
        for name in parameter.names { values += try tensor(name, shape).values }
        matrix = Matrix(rows: matrix.rows, columns: matrix.columns, values: values)
    }

    private func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Matrix {
        try weights.matrix(name, shape: shape)
    }
}

/// The files of a checkpoint.
enum CheckpointFile {
    static let configuration = "config.json"
    static let weights = WeightFiles.whole
    static let index = WeightFiles.index
    /// Copied as they are, where they exist.
    static let tokenizer = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.txt", "vocab.json", "merges.txt",
    ]
}

extension Parameter {
    /// Whether it belongs to the classifier, whose rows are the labels.
    package var isHead: Bool { place.hasPrefix("classifier.") || place.hasPrefix("qa_outputs.") }

    /// Whether it belongs to a `MaskedTokenHead`.
    var predictsMasks: Bool { place.hasPrefix("predictions.") }

    /// How many blocks lie below it: 0 for the lowest block's own, -1 for the embeddings, `nil` for what
    /// lies above them all: a pooler, a classifier, a decoder's last norm.
    package var block: Int? {
        guard !isHead, !predictsMasks, !place.contains("pooler."), !place.hasPrefix("ln_f.") else {
            return nil
        }
        guard let start = place.firstRange(of: "encoder.layer.")?.upperBound else { return -1 }
        return Int(place[start...].prefix(while: \.isNumber))
    }
}

extension Network {
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
