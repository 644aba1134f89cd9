public import ArgumentParser
import Training

/// The sizes of a model that begins from nothing.
struct NewModelOptions: ParsableArguments {
    @Option(help: "Begin a new model: bert, roberta (masks) or gpt2 (the next token).")
    var family: NewModel.Family?

    @Option(help: "Blocks, one above the other.")
    var layers = 4

    @Option(help: "The width of the blocks.")
    var hidden = 256

    @Option(help: "Heads of attention a block.")
    var heads = 4

    @Option(help: "Tokens of the vocabulary that is learned.")
    var vocabulary = 8_000

    @Flag(help: "Tell capitals apart, where WordPiece is learned (bert).")
    var cased = false

    var model: NewModel? {
        family.map { family in
            var model = NewModel(family)
            (model.layers, model.hidden, model.heads) = (layers, hidden, heads)
            (model.vocabulary, model.lowercases) = (vocabulary, !cased)
            return model
        }
    }
}

/// The hyper-parameters of a run over text.
struct PretrainingOptions: ParsableArguments {
    @Option(help: "Tokens of a sequence; a new model reads no longer text.")
    var length = 128

    @Option(help: "Sequences a step.")
    var batchSize: Int?

    @Option(help: "Peak learning rate (1e-3 for a new model, 1e-4 to go on from one).")
    var learningRate: Double?

    @Flag(help: "Mask all pieces of a word or none.")
    var wholeWords = false

    @Option(help: "The share of tokens that are masked.")
    var maskedShare: Double?

    @Option(help: "The share of the text that the model is measured by.")
    var heldOut: Double?

    @Option(help: "The seed of everything random.")
    var seed: UInt64?

    @Option(help: "Of the products: f32, bf16, or auto for bf16 where the processor multiplies it.")
    var precision: TrainingPrecision?

    func set(_ plan: inout PretrainingPlan, isNew: Bool) {
        plan.arguments.maximumLength = length
        plan.arguments.learningRate = learningRate.map(Float.init) ?? (isNew ? 1e-3 : 1e-4)
        plan.wholeWords = wholeWords
        if let batchSize { plan.arguments.batchSize = batchSize }
        if let maskedShare { plan.maskedShare = maskedShare }
        if let heldOut { plan.heldOutShare = heldOut }
        if let seed { plan.arguments.seed = seed }
        if let precision { plan.arguments.precision = precision }
    }
}

extension NewModel.Family: ExpressibleByArgument {}
