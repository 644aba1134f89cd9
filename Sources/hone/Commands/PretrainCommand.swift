import ArgumentParser
import Foundation
import Honing
import Training

struct PretrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pretrain",
        abstract: "Let a model learn the language of your own raw text.",
        discussion: """
            Text needs no labels. Documents are set apart by empty lines; of files that end in .jsonl each row's \
            "text" is one. An encoder learns what stands behind masks, a decoder (GPT-2) which token comes next.

            With --base a model goes on from what it knows: `hone train \
            --base` starts from what comes of it. With --family a small model begins from \
            nothing, its tokenizer included. Text is read in blocks and may be larger than memory; a share of \
            it is held out, and its perplexity tells how far the model is: as hard to foresee as that many \
            equally probable words.

            The time is made into a number of steps when the run begins; the same text, options, seed and \
            --steps give the same weights, bit for bit. A run that was killed goes on with --resume.

            EXAMPLES
              hone pretrain --base all-MiniLM-L6-v2 --text tickets.jsonl --minutes 10 --output ./tickets-base
              hone pretrain --family bert --text *.txt --minutes 30 --output ./small-bert
              zcat dump.gz | hone pretrain --family gpt2 --layers 6 --text - --minutes 600 --output ./writer
              hone pretrain --resume --output ./writer
            """)

    @Option(
        name: .customLong("text"), parsing: .upToNextOption,
        help: "Files of raw text; - for standard input, which is kept beside the output until the run ends.",
        completion: .file())
    var texts: [String] = []

    @Option(help: "The model folder to go on from.", completion: .directory)
    var base: String?

    @OptionGroup(title: "A new model") var new: NewModelOptions

    @Option(help: "The folder to write the model to.", completion: .directory)
    var output: String

    @Option(help: "How long it may learn (10 if not given).")
    var minutes: Double?

    @Option(help: "How many steps instead: for the same weights again.")
    var steps: Int?

    @Flag(help: "Go on with the unfinished run of --output; everything else is as it was.")
    var resume = false

    @OptionGroup(title: "Hyper-parameters") var hyper: PretrainingOptions

    @Flag(help: "Print JSON for scripts.")
    var json = false

    private var state: String { output + "/training-state" }

    func run() async throws {
        try await reporting {
            let plan = try resume ? keptPlan() : newPlan()
            let view = PretrainingView()
            let result = try pretrain(plan, output: output, state: state, progress: view.show)
            Terminal.endProgress()
            if json { return try Terminal.print(json: result) }
            print(summary(result))
        }
    }

    private func keptPlan() throws -> PretrainingPlan {
        guard texts.isEmpty, base == nil, new.family == nil, minutes == nil, steps == nil else {
            throw ValidationError("with --resume only --output is given: all else is as the run began")
        }
        guard PretrainingPlan.isKept(in: state) else { throw PretrainingError.nothingToResume(output) }
        return try PretrainingPlan.read(from: state)
    }

    private func newPlan() throws -> PretrainingPlan {
        guard !texts.isEmpty, (base == nil) != (new.family == nil) else {
            throw ValidationError("give --text, --output, and either --base FOLDER or --family NAME")
        }
        guard minutes == nil || steps == nil else {
            throw ValidationError("give --minutes or --steps: each says when the run ends")
        }
        guard !PretrainingPlan.isKept(in: state) else { throw PretrainingError.unfinished(output) }
        let texts = try texts.map { $0 == "-" ? try keepStandardInput() : $0 }
        var plan = PretrainingPlan(texts: texts, base: base ?? state + "/start")
        hyper.set(&plan, isNew: base == nil)
        plan.steps = steps
        if let minutes { plan.minutes = minutes }
        if let model = new.model {
            Terminal.note("learning a tokenizer of \(model.vocabulary) tokens")
            try model.write(
                to: plan.base, texts: texts, heldOutShare: plan.heldOutShare,
                length: plan.arguments.maximumLength, seed: plan.arguments.seed)
        }
        return plan
    }

    /// Text that comes once is read several times: by the tokenizer, and by each pass.
    private func keepStandardInput() throws -> String {
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let path = state + "/text.txt"
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(.file, "\(path) cannot be written: standard input has no place to stay") }
        while let more = try FileHandle.standardInput.read(upToCount: 1 << 20), !more.isEmpty {
            try file.write(contentsOf: more)
        }
        try file.close()
        return path
    }

    private func summary(_ result: PretrainingResult) -> String {
        let first = result.curve.points.first?.perplexity ?? result.perplexity
        return """
            steps          \(result.steps), \(result.tokens) tokens, \(rounded(result.passes)) passes over the text
            held out       perplexity \(short(result.perplexity)), loss \(rounded(result.heldOutLoss)) nats \
            over \(result.heldOutTokens) tokens, best after step \(result.bestStep)
            curve          \(short(first)) \(result.curve.sparkline) \(short(result.perplexity))
            weights        SHA-256 \(result.weightsSHA256)
            model          \(output)
            """
    }
}
