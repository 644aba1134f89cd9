import Drift

/// When and how to train again.
public struct RetrainingSettings: Sendable, Equatable {
    /// Off, the daemon watches and reports, and trains only when told to.
    public var enabled = true
    /// New labels without which there is nothing to learn from.
    public var minimumNewLabels = 200
    /// From the end of a run to the start of the next, doubling with each refused challenger …
    public var coolDown = Duration.seconds(6 * 3_600)
    /// … up to this.
    public var maximumCoolDown = Duration.seconds(7 * 86_400)
    public var maximumPerDay = 4
    /// Only tell what would be trained, and why.
    public var dryRun = false
    /// Hours of the day, in UTC, in which no run starts by itself, as in `08:00-18:00`.
    public var blackout: [String]?
    /// Processor time that runs may take within a day; `nil` for any.
    public var cpuBudget: Duration?
    /// Wrong answers that a new model would have spared, before that is a reason; `nil` never is.
    public var avoidableErrors: Int? = 500
    /// New labels that are a reason by themselves; `nil` never are.
    public var afterNewLabels: Int?
    /// Train again after so long in any case; `nil` for never.
    public var every: Duration?
    /// The remedies that a run may try, the cheapest first whatever their order here: see `Remedy`. A
    /// temperature gives no right answer back: it is only for those who ask for it.
    public var ladder = ["prior", "archive", "head", "full"]
    /// From which likeness on a text is kept out of what is learned because another is nearly the same, one that
    /// judges above all; `nil` lets all through.
    public var nearDuplicates: Double? = 0.8
    /// From which confidence on the live model's word is weighed against a label; `nil` never.
    public var labelDoubt: Double? = 0.95
    /// The share of the new rows that a source may give beside others, where it gave less before; `nil`
    /// for any.
    public var sourceShare: Double? = 0.5
    /// The share of old rows among those trained on, against forgetting.
    public var replayShare = 0.5
    public var maximumRows = 20_000
    /// Processor time in which a full training first looks for its arguments; `nil` for none.
    public var search: Duration?
    /// After which a run is given up.
    public var timeLimit = Duration.seconds(6 * 3_600)
    /// Memory that a run may take; `nil` for no limit beyond the system's.
    public var memoryLimit: Int?
    /// Threads that a run may use; `nil` for all cores. It runs at idle priority in any case.
    public var threads: Int?
    public var rollout = RolloutSettings()
    public var training = TrainingSettings()

    public init() {}
}

extension RetrainingSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        let year = Duration.seconds(366 * 86_400)
        return [
            Field("enabled", \.enabled, .flag),
            Field("minimum_new_labels", \.minimumNewLabels, .integer(10...10_000_000, example: 200)),
            Field("cool_down", \.coolDown, .duration(.seconds(0)...year)),
            Field("maximum_cool_down", \.maximumCoolDown, .duration(.seconds(0)...year)),
            Field("maximum_per_day", \.maximumPerDay, .integer(0...1_000, example: 4)),
            Field("dry_run", \.dryRun, .flag),
            Field("blackout", optional: \.blackout, .texts("\"08:00-18:00\"")),
            Field("cpu_budget", optional: \.cpuBudget, .duration(.seconds(1)...year)),
            Field("avoidable_errors", optional: \.avoidableErrors, .integer(1...1_000_000_000, example: 500)),
            Field(
                "after_new_labels", optional: \.afterNewLabels, .integer(10...1_000_000_000, example: 5_000)),
            Field("every", optional: \.every, .duration(.seconds(60)...year)),
            Field("ladder", \.ladder, .texts("head, full")),
            Field("near_duplicates", optional: \.nearDuplicates, .share(0.3...1, example: 0.8)),
            Field("label_doubt", optional: \.labelDoubt, .share(0.5...0.9999, example: 0.95)),
            Field("source_share", optional: \.sourceShare, .share(0.05...0.95, example: 0.5)),
            Field("replay_share", \.replayShare, .share(0...0.95, example: 0.5)),
            Field("maximum_rows", \.maximumRows, .integer(100...10_000_000, example: 20_000)),
            Field("search", optional: \.search, .duration(.seconds(1)...year)),
            Field("time_limit", \.timeLimit, .duration(.seconds(10) ... .seconds(30 * 86_400))),
            Field("memory_limit", optional: \.memoryLimit, .bytes(256_000_000...1_000_000_000_000)),
            Field("threads", optional: \.threads, .integer(1...1_024, example: 2)),
            Field("rollout", section: \.rollout),
            Field("training", section: \.training),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if maximumCoolDown < coolDown {
            report("maximum_cool_down", "is shorter than cool_down", "make it longer")
        }
        for hours in blackout ?? [] where BlackoutHours(written: hours) == nil {
            report(
                "blackout", "names \"\(hours)\", which is no stretch of a day", "write it as in 08:00-18:00")
        }
        let rungs = Remedy.allCases.filter { $0 != .temperature }.map(\.rawValue)
        for name in ladder where !rungs.contains(name) {
            report(
                "ladder", "names \"\(name)\", which is no remedy for wrong answers",
                "choose among \(rungs.joined(separator: ", "))")
        }
        if minimumNewLabels > maximumRows {
            report(
                "maximum_rows", "is less than minimum_new_labels",
                "a run must hold the rows that it waits for")
        }
    }
}

/// How a model is fine-tuned.
public struct TrainingSettings: Sendable, Equatable {
    public var learningRate = 5e-5
    /// The most often that each row is seen.
    public var epochs = 3
    /// Tokens in one step.
    public var tokensPerBatch = 2_048
    /// The share of steps in which the learning rate rises.
    public var warmup = 0.1
    public var weightDecay = 0.01
    /// Evaluations without progress after which a run ends early.
    public var patience = 6
    /// Longer texts are cut to so many tokens.
    public var maximumTokens = 128
    public var seed = 1
    /// So many of the lowest layers stay as they are.
    public var frozenLayers = 0
    /// Each layer's learning rate as a share of the one above it.
    public var layerwiseDecay = 1.0
    /// How much a run holds on to what the live version said of replayed rows; 0: their labels alone count.
    public var distillation = 0.5

    public init() {}
}

extension TrainingSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("learning_rate", \.learningRate, .number(1e-8...0.1, example: 0.00005)),
            Field("epochs", \.epochs, .integer(1...1_000, example: 3)),
            Field("tokens_per_batch", \.tokensPerBatch, .integer(64...1_000_000, example: 2_048)),
            Field("warmup", \.warmup, .share(0...0.9, example: 0.1)),
            Field("weight_decay", \.weightDecay, .number(0...1, example: 0.01)),
            Field("patience", \.patience, .integer(1...1_000, example: 6)),
            Field("maximum_tokens", \.maximumTokens, .integer(8...8_192, example: 128)),
            Field("seed", \.seed, .integer(0...Int(Int32.max), example: 1)),
            Field("frozen_layers", \.frozenLayers, .integer(0...1_000, example: 3)),
            Field("layerwise_decay", \.layerwiseDecay, .number(0.01...1, example: 0.9)),
            Field("distillation", \.distillation, .number(0...1_000, example: 0.5)),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if tokensPerBatch < maximumTokens {
            report("tokens_per_batch", "is less than maximum_tokens", "a batch must hold one text at least")
        }
    }
}
