public import Corpus
package import Tensors
public import Transformers

/// How a model is fine-tuned, in JSON under Hugging Face's names.
///
/// The defaults follow Mosbach et al., *On the stability of fine-tuning BERT*
/// ([arXiv:2006.04884](https://arxiv.org/abs/2006.04884)): AdamW with bias correction, a tenth of the
/// steps to warm up, then linearly down to nothing.
public struct TrainingArguments: Codable, Sendable, Equatable {
    /// The peak, for the encoder.
    public var learningRate: Float = 5e-5
    /// For the classifier; `nil` for the encoder's. A new head may learn faster than what is pre-trained.
    public var headLearningRate: Float?
    /// The most often that each row is seen.
    public var epochs = 3
    /// Rows of one step at the most …
    public var batchSize = 32
    /// … and tokens.
    public var tokensPerBatch = 2_048
    /// The share of steps in which the learning rate rises.
    public var warmupRatio: Float = 0.1
    public var weightDecay: Float = 0.01
    public var adamBeta1: Float = 0.9
    public var adamBeta2: Float = 0.999
    public var adamEpsilon: Float = 1e-6
    /// Gradients whose norm is larger are scaled down to it.
    public var maxGradNorm: Float = 1
    /// `nil` takes what `config.json` says.
    public var dropout: Float?
    public var labelSmoothing: Float = 0
    /// Longer texts are cut to so many tokens.
    public var maximumLength = 128
    /// Set where longer texts are to be read in another way than the base's folder says; windows are of
    /// `maximumLength` then.
    public var windows: WindowArguments?
    public var evaluationsPerEpoch = 3
    /// Evaluations without a better one after which training ends.
    /// Two epochs: while the learning rate is high evaluations swing, and a run that ends then was never
    /// as good as it would have become when it came down.
    public var earlyStoppingPatience = 6
    public var seed: UInt64 = 1
    /// So many of the lowest blocks stay as they are, and the embeddings with them: quicker, and less is
    /// forgotten, where the language is the same and only the task is new. As many as the model has
    /// leaves the classifier alone to learn.
    public var frozenLayers = 0
    /// The learning rate of each block as a share of the one above: lower blocks know what all
    /// tasks share (Howard and Ruder, [arXiv:1801.06146](https://arxiv.org/abs/1801.06146)). 1 for one
    /// rate everywhere.
    public var layerwiseDecay: Float = 1
    /// Whether all layers are frozen, however many there are.
    public var headOnly = false
    /// Trains small factors beside frozen weights instead of the weights. They want a learning rate about
    /// ten times as large (Schulman et al., <https://thinkingmachines.ai/blog/lora/>).
    public var lora: LowRankPlan?
    /// Of products and of what backward needs; weights and their moments are f32 always.
    public var precision = TrainingPrecision.auto
    /// Set where what the base said of replayed rows is held on to.
    public var distillation: Distillation?
    /// Set where nothing is trained, only set right.
    public var adjustment: Adjustment?

    public init() {}

    /// Trains the head alone, over vectors that the encoder gives once a text: seconds for thousands of
    /// rows. A head wants a learning rate of another order than an encoder.
    public mutating func trainHeadOnly() {
        headOnly = true
        learningRate = 1e-2
        headLearningRate = nil
        epochs = 20
    }

    /// Trains adapters, at a learning rate that suits them, instead of the weights.
    public mutating func adapt(rank: Int, alpha: Float, targetModules: [String]) {
        lora = LowRankPlan(rank: rank, alpha: alpha, targetModules: targetModules)
        learningRate = 5e-4
    }

    /// Begins where a task needs more than classes of texts do. Most words have no name: at the rate of
    /// texts a tagger learns for epochs little but to say so (on the Broad Twitter Corpus, entity F1 of 0.44
    /// after 3 epochs at 5e-5, 0.65 after 6 at 2e-4). A question's text is longer than most texts.
    public mutating func suit(_ task: TaskKind) {
        switch task {
        case .tokenClassification: (learningRate, epochs) = (2e-4, 6)
        case .questionAnswering: (learningRate, epochs, maximumLength) = (2e-4, 4, 384)
        case .textClassification, .multiLabelClassification, .scoring, .textGeneration: break
        }
    }

    /// The same for what stands as it comes; what somebody chose otherwise stays.
    public mutating func suitWhereUnset(_ task: TaskKind) {
        let plain = TrainingArguments()
        var suited = plain
        suited.suit(task)
        if learningRate == plain.learningRate { learningRate = suited.learningRate }
        if epochs == plain.epochs { epochs = suited.epochs }
        if maximumLength == plain.maximumLength { maximumLength = suited.maximumLength }
    }

    enum CodingKeys: String, CodingKey {
        case learningRate = "learning_rate"
        case headLearningRate = "head_learning_rate"
        case epochs = "num_train_epochs"
        case batchSize = "per_device_train_batch_size"
        case tokensPerBatch = "tokens_per_batch"
        case warmupRatio = "warmup_ratio"
        case weightDecay = "weight_decay"
        case adamBeta1 = "adam_beta1"
        case adamBeta2 = "adam_beta2"
        case adamEpsilon = "adam_epsilon"
        case maxGradNorm = "max_grad_norm"
        case dropout
        case labelSmoothing = "label_smoothing_factor"
        case maximumLength = "max_length"
        case windows
        case evaluationsPerEpoch = "evaluations_per_epoch"
        case earlyStoppingPatience = "early_stopping_patience"
        case seed
        case frozenLayers = "frozen_layers"
        case headOnly = "head_only"
        case layerwiseDecay = "layerwise_lr_decay"
        case lora
        case precision
        case distillation
        case adjustment
    }

    /// Refuses what would not train.
    ///
    /// - Throws: `TrainingError.badArgument` naming the first that is out of its range.
    public func validate() throws(TrainingError) {
        func check(_ key: CodingKeys, _ isValid: Bool, _ range: String) throws(TrainingError) {
            guard isValid else { throw .badArgument(key.rawValue, range: range) }
        }
        let rates = 1e-9...Float(1)
        try check(.learningRate, rates ~= learningRate, "from 1e-9 to 1")
        try check(.headLearningRate, headLearningRate.map { rates ~= $0 } ?? true, "from 1e-9 to 1")
        try check(.epochs, 1...10_000 ~= epochs, "from 1 to 10000")
        try check(.batchSize, 1...65_536 ~= batchSize, "from 1 to 65536")
        try check(.tokensPerBatch, tokensPerBatch >= 1, "at least 1")
        try check(.warmupRatio, 0...1 ~= warmupRatio, "from 0 to 1")
        try check(.weightDecay, 0...1 ~= weightDecay, "from 0 to 1")
        try check(.adamBeta1, 0..<1 ~= adamBeta1, "from 0 to below 1")
        try check(.adamBeta2, 0..<1 ~= adamBeta2, "from 0 to below 1")
        try check(.adamEpsilon, adamEpsilon > 0 && adamEpsilon.isFinite, "above 0")
        try check(.maxGradNorm, maxGradNorm >= 0, "0 (no clipping) or more")
        try check(.dropout, dropout.map { 0..<1 ~= $0 } ?? true, "from 0 to below 1")
        try check(.labelSmoothing, 0..<1 ~= labelSmoothing, "from 0 to below 1")
        try check(.maximumLength, maximumLength >= 8, "at least 8")
        try check(.evaluationsPerEpoch, evaluationsPerEpoch >= 1, "at least 1")
        try check(.earlyStoppingPatience, earlyStoppingPatience >= 1, "at least 1")
        try check(.frozenLayers, frozenLayers >= 0, "0 or more, up to the model's layers")
        try check(.lora, lora.map { 1...1_024 ~= $0.rank } ?? true, "of a rank from 1 to 1024")
        let alphas = 0.001...Float(10_000)
        try check(.lora, lora.map { alphas ~= $0.alpha } ?? true, "of an alpha from 0.001 to 10000")
        let weights = 0...Float(1_000)
        try check(
            .distillation, distillation.map { weights ~= $0.weight } ?? true, "of a weight from 0 to 1000")
        try check(.distillation, distillation.map { $0.rows >= 0 } ?? true, "of 0 rows or more")
        try check(.layerwiseDecay, layerwiseDecay > 0 && layerwiseDecay <= 1, "above 0, up to 1")
    }
}

/// In which precision a model learns.
public enum TrainingPrecision: String, Codable, Sendable, CaseIterable {
    /// `bf16` where the processor multiplies it, else `f32`.
    case auto
    /// The reference.
    case f32
    case bf16

    package var resolved: Precision {
        switch self {
        case .auto: .preferred
        case .f32: .f32
        case .bf16: .bf16
        }
    }
}
