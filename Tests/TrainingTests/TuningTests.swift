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
