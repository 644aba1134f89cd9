import Corpus
import Foundation
import TestSupport
import Testing
import Training

/// A search over arguments: what is tried next, and that a killed search goes on.
@Suite struct TuningTests {
    private typealias Trial = SuccessiveHalving.Trial

    /// Lets a search run to its end in a world where each trial costs its rows in seconds.
    private func run(
        _ halving: SuccessiveHalving = SuccessiveHalving(), rows: Int, budget: Double, candidates: Int,
        loss: (Int, Int) -> Double?
    ) -> [Trial] {
        var trials: [Trial] = []
        while case .tries(let number, let rung) = halving.next(
            after: trials, budget: budget, candidates: candidates)
        {
            let count = halving.rows(of: rung, of: rows)
            trials.append(
                Trial(
                    number: number, rung: rung, rows: count, arguments: TrainingArguments(),
                    loss: loss(number, rung), seconds: Double(count)))
        }
        return trials
    }

    @Test func `a third goes on to three times as many rows, and the start with it`() {
        // Number 5 is the best, number 0 the worst.
        let trials = run(rows: 90, budget: 1e6, candidates: 18) { number, _ in
            number == 0 ? 9 : Double(abs(number - 5))
        }
        func numbers(_ rung: Int) -> [Int] { trials.filter { $0.rung == rung }.map(\.number) }
        #expect(numbers(0) == Array(0..<18))
        #expect(numbers(1) == [5, 4, 6, 3, 7, 2, 0])
        #expect(numbers(2) == [5, 4, 0])
        #expect(Set(trials.map { [$0.rung, $0.rows] }) == [[0, 10], [1, 30], [2, 90]])
        #expect(SuccessiveHalving().best(of: trials)?.number == 5)
    }

    @Test func `time is kept, and a third of it goes to each rung`() {
        let trials = run(rows: 90, budget: 600, candidates: 1_000) { number, _ in Double(number % 7) }
        #expect(trials.reduce(0) { $0 + $1.seconds } <= 600)
        #expect(trials.filter { $0.rung == 0 }.count == 20)
        #expect(trials.contains { $0.rung == 2 })
        // With time for next to nothing something is known all the same.
        let few = run(rows: 90, budget: 1, candidates: 1_000) { number, _ in Double(number) }
        #expect(few.map(\.number) == [0, 1, 2])
        #expect(SuccessiveHalving().best(of: few)?.number == 0)
    }

    @Test func `what learned nothing goes no further`() {
        let trials = run(rows: 90, budget: 1e6, candidates: 9) { number, rung in
            number == 2 && rung < 2 ? 1 : nil
        }
        #expect(trials.filter { $0.rung == 1 }.map(\.number) == [2, 0])
        #expect(SuccessiveHalving().best(of: trials)?.rung == 1)
        #expect(SuccessiveHalving().best(of: run(rows: 9, budget: 1e6, candidates: 3) { _, _ in nil }) == nil)
    }

    @Test func `candidates follow from their number and the seed, and may be trained`() throws {
        var start = TrainingArguments()
        start.maximumLength = 32
        let space = TuningSpace(start: start, layers: 6, triesAdapters: true)
        let drawn = (0..<64).map { space.candidate($0, seed: 3) }
        #expect(drawn[0] == start && drawn == (0..<64).map { space.candidate($0, seed: 3) })
        for candidate in drawn { try candidate.validate() }
        #expect(drawn.contains { $0.lora != nil } && drawn.contains { $0.frozenLayers > 0 })
        #expect(drawn.allSatisfy { $0.maximumLength == 32 && $0.seed == start.seed })
        #expect(Set(drawn.map(\.learningRate)).count > 6)
        #expect(space.candidate(5, seed: 4) != drawn[5] || space.candidate(6, seed: 4) != drawn[6])
    }

    @Test func `what is known is tried after the start, and then fewer replayed rows too`() throws {
        let start = TrainingArguments()
        var known = start
        known.learningRate = 7e-5
        var space = TuningSpace(start: start, layers: 6, triesAdapters: true)
        let alone = (1..<40).map { space.candidate($0, seed: 3) }
        space.known = [known]
        #expect([0, 1].map { space.candidate($0, seed: 3) } == [start, known])
        #expect((2..<40).map { space.candidate($0, seed: 3) } == Array(alone.dropFirst()))
        let shares = (0..<40).map { space.replayShare($0, seed: 3) }
        #expect(shares.prefix(2) == [1, 1] && Set(shares) == [1, 0.5, 0.25])
        #expect(shares == (0..<40).map { space.replayShare($0, seed: 3) })
    }

    @Test func `a share of the replayed rows is the same whoever asks, and in their order`() {
        let rows = (0..<40).map { "row \($0)" }
        let half = replayed(rows, share: 0.5) { $0 }
        #expect(half.count == 20 && half == rows.filter(half.contains))
        let quarter = replayed(rows.reversed(), share: 0.25) { $0 }
        #expect(quarter.count == 10 && Set(quarter).isSubset(of: half))
        #expect(replayed(rows, share: 1) { $0 } == rows && replayed([String](), share: 0.5) { $0 }.isEmpty)
    }

    @Test func `candidates take a share of what is replayed, and none that shall stop goes on`() throws {
        let scratch = try ScratchFolder()
        let rows = TinyTask.rows(90)
        var start = TrainingArguments()
        (start.learningRate, start.epochs) = (3e-3, 1)
        start.distillation = Distillation(weight: 0.5, rows: 20)
        var search = try TuningSearch(
            base: TinyTask.base, for: .textClassification, training: Array(rows[..<60]),
            development: Array(rows[60...]), start: start, budget: 600, candidates: 9, seed: 1,
            folder: scratch.path)
        search.replayed = 20
        #expect(throws: TrainingError.cancelled) { try search.run(isCancelled: { true }) }
        let found = try search.run()
        #expect(found.trials.count > 9)
        for trial in found.trials {
            let share = try #require(trial.replayShare)
            let (new, old) = [(5, 3), (14, 7), (40, 20)][trial.rung]
            #expect(trial.rows == new + Int((Double(old) * share).rounded()), "\(trial)")
        }
        #expect(Set(found.trials.compactMap(\.replayShare)).count > 1)
    }

    @Test func `a search that was stopped goes on with the next trial`() throws {
        let scratch = try ScratchFolder()
        let rows = TinyTask.rows(90)
        var start = TrainingArguments()
        start.learningRate = 3e-3
        func search(_ seed: UInt64 = 1) throws -> TuningSearch {
            try TuningSearch(
                base: TinyTask.base, for: .textClassification, training: Array(rows[..<60]),
                development: Array(rows[60...]), start: start, budget: 600, candidates: 4, seed: seed,
                folder: scratch.path)
        }
        var ended: [Trial] = []
        let whole = try search().run { if case .ended(let trial) = $0 { ended.append(trial) } }
        #expect(whole.trials == ended && whole.trials.count >= 6)
        let best = try #require(whole.best)
        #expect(best.loss != nil)
        let startRung = whole.start?.rung
        #expect(startRung == best.rung)

        // The journal of a process that was killed while it wrote its fourth trial.
        let file = URL(filePath: scratch.path + "/trials.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        try (lines[...3].joined(separator: "\n") + "\n" + lines[4].prefix(20)).write(
            to: file, atomically: true, encoding: .utf8)
        var again: [Int] = []
        let rest = try search().run { if case .begins(let trial) = $0 { again.append(trial.number) } }
        #expect(again == whole.trials.dropFirst(3).map(\.number))
        #expect(rest.trials.map(\.loss) == whole.trials.map(\.loss))
        let found = try #require(rest.best)
        #expect(found.arguments == best.arguments)

        #expect(throws: TrainingError.otherSearch(scratch.path)) { try search(2).run() }
    }
}
