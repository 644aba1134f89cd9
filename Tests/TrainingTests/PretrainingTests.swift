import Corpus
import Foundation
import Tensors
import Testing
import Training
import Transformers

@Suite struct PretrainingTests {
    /// A folder with text and a new model that knows none of it.
    private struct Ground {
        let folder: ScratchFolder
        let text: String
        let base: String

        init(_ family: NewModel.Family = .bert, documents: Int = 300) throws {
            folder = try ScratchFolder()
            text = try PretrainingText.file(folder, PretrainingText.documents(documents))
            base = folder.path + "/base"
            var new = NewModel(family)
            (new.layers, new.hidden, new.heads, new.vocabulary) = (1, 32, 2, 400)
            try new.write(to: base, texts: [text], heldOutShare: 0.1, length: 32, seed: 1)
        }

        func plan(steps: Int?) -> PretrainingPlan {
            var plan = PretrainingPlan(texts: [text], base: base)
            plan.arguments.maximumLength = 32
            plan.arguments.batchSize = 8
            plan.arguments.learningRate = 3e-3
            plan.arguments.precision = .f32
            plan.heldOutShare = 0.1
            plan.steps = steps
            return plan
        }
    }

    @Test(arguments: NewModel.Family.allCases)
    func `what follows from the words before it, or around it, is learned`(_ family: NewModel.Family) throws {
        let ground = try Ground(family)
        let output = ground.folder.path + "/model"
        let result = try pretrain(ground.plan(steps: 300), output: output)

        let first = try #require(result.curve.points.first)
        let vocabulary = Double(try Checkpoint(ground.base).configuration.vocabularySize)
        #expect(
            abs(first.perplexity - vocabulary) < 0.1 * vocabulary, "before the first step all words are equal"
        )
        #expect(result.perplexity < 0.25 * first.perplexity, "\(result.curve.sparkline)")
        #expect(result.curve.points.count == 21)
        #expect(result.steps == 300 && result.passes > 1)
        #expect(try ContentHash.ofFile(output + "/model.safetensors").hex == result.weightsSHA256)
        // It is a model like all others: to go on from, to fine-tune, to write with.
        let learned = try Checkpoint(output)
        if family == .gpt2 {
            _ = try learned.languageModel()
        } else {
            _ = try learned.model(for: TinyTask.labels, seed: 1)
            let again = try pretrain(
                Self.continued(ground.plan(steps: 2), from: output), output: ground.folder.path + "/more")
            #expect(abs(again.curve.points[0].heldOutLoss - result.heldOutLoss) < 1e-5)
        }
    }

    private static func continued(_ plan: PretrainingPlan, from base: String) -> PretrainingPlan {
        var plan = plan
        plan.base = base
        return plan
    }

    @Test(arguments: [NewModel.Family.bert, .gpt2])
    func `cancelled after any step and continued, it ends with the same bytes`(_ family: NewModel.Family)
        throws
    {
        let ground = try Ground(family, documents: 120)
        var plan = ground.plan(steps: 30)
        plan.wholeWords = true
        plan.arguments.dropout = 0.1
        let whole = try pretrain(plan, output: ground.folder.path + "/whole")
        for last in [0, 1, 13, 29] {
            let (output, state) = ("\(ground.folder.path)/\(last)", "\(ground.folder.path)/state\(last)")
            var step = 0
            #expect(throws: TrainingError.cancelled) {
                try pretrain(
                    plan, output: output, state: state, progress: { step = $0.step },
                    isCancelled: { step >= last })
            }
            var steps: [Int] = []
            let continued = try pretrain(
                PretrainingPlan.read(from: state), output: output, state: state,
                progress: { steps.append($0.step) })
            #expect(steps.first == last, "the first thing that is told is where it goes on")
            #expect(continued == whole)
            #expect(!FileManager.default.fileExists(atPath: state))
        }
    }

    @Test func `a state of other text is not taken`() throws {
        let ground = try Ground(documents: 120)
        let plan = ground.plan(steps: 12)
        let state = ground.folder.path + "/state"
        var step = 0
        #expect(throws: TrainingError.cancelled) {
            try pretrain(
                plan, output: ground.folder.path + "/a", state: state, progress: { step = $0.step },
                isCancelled: { step >= 6 })
        }
        _ = try PretrainingText.file(ground.folder, PretrainingText.documents(121))
        var first: Int?
        try pretrain(plan, output: ground.folder.path + "/a", state: state) { first = first ?? $0.step }
        #expect(first == 0)
    }

    @Test func `minutes become steps once, which are kept with the state`() throws {
        let ground = try Ground(documents: 120)
        var plan = ground.plan(steps: nil)
        plan.minutes = 0.02
        let state = ground.folder.path + "/state"
        var total: Int?
        #expect(throws: TrainingError.cancelled) {
            try pretrain(
                plan, output: ground.folder.path + "/a", state: state, progress: { total = $0.totalSteps },
                isCancelled: { total != nil })
        }
        let kept = try PretrainingPlan.read(from: state)
        #expect(kept.steps == total && total! >= 1)
        let result = try pretrain(kept, output: ground.folder.path + "/a", state: state)
        #expect(result.steps == total)
    }

    @Test func `one, two and five threads give the same bytes`() async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Self.train(threads: 1, in: folder)
        }
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Self.train(threads: 2, in: folder)
        }
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Self.train(threads: 5, in: folder)
        }
        let hashes = try [1, 2, 5].map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
        #expect(Set(hashes).count == 1)
    }

    private static func train(threads: Int, in folder: String) throws {
        unsafe setenv("HONE_THREADS", "\(threads)", 1)
        precondition(ThreadPool.shared.threads == threads)
        let ground = try Ground(documents: 120)
        let result = try pretrain(ground.plan(steps: 20), output: ground.folder.path + "/model")
        try result.weightsSHA256.write(toFile: "\(folder)/\(threads)", atomically: true, encoding: .utf8)
    }

    @Test func `what cannot be learned from is refused`() throws {
        let ground = try Ground(documents: 120)
        let output = ground.folder.path + "/model"
        var plan = ground.plan(steps: 1)
        plan.arguments.maximumLength = 64
        let tooLong = #expect(throws: TrainingError.self) { try pretrain(plan, output: output) }
        #expect(tooLong?.description.contains("at most 32, the positions of") == true)
        plan = ground.plan(steps: 1)
        plan.heldOutShare = 0.000_001
        let nothing = #expect(throws: PretrainingError.self) { try pretrain(plan, output: output) }
        #expect(nothing?.description.contains("--held-out") == true)
        plan = ground.plan(steps: 0)
        #expect(throws: TrainingError.badArgument("steps", range: "at least 1")) {
            try pretrain(plan, output: output)
        }
        var new = NewModel(.bert)
        new.heads = 3
        #expect(throws: TrainingError.self) {
            try new.write(to: output, texts: [ground.text], heldOutShare: 0.1, length: 32, seed: 1)
        }
    }

    @Test func `a curve is a row of bars`() {
        var curve = LearningCurve()
        #expect(curve.sparkline == "" && curve.best == nil)
        curve.points = [8, 4.6, 1, 1.1].enumerated().map {
            LearningCurve.Point(step: $0, tokens: 0, heldOutLoss: $1)
        }
        #expect(curve.sparkline == "█▅▁▁")
        #expect(curve.best?.step == 2)
    }
}
