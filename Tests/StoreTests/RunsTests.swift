import Store
import Testing

@Suite struct RunsTests {
    /// The shortest way from the beginning to a state.
    private static let ways: [RunState: [RunState]] = [
        .queued: [], .running: [.running], .judging: [.running, .judging],
        .promoted: [.running, .judging, .promoted], .refused: [.running, .judging, .refused],
        .failed: [.failed], .cancelled: [.cancelled],
    ]

    private func run(in state: RunState) async throws -> (Database, Int64) {
        let store = try await Database.withLiveVersion()
        let id = try #require(try await store.createRun(store.run()).id)
        for step in Self.ways[state]! { try await go(store, id, to: step) }
        return (store, id)
    }

    private func go(_ store: Database, _ id: Int64, to state: RunState) async throws {
        switch state {
        case .running: try await store.startRun(id, directory: "runs/0001", trainingRows: 7, at: noon(1))
        case .queued, .judging: try await store.updateRun(id) { $0.state = state }
        default: try await store.finishRun(id, state: state, at: noon(2))
        }
    }

    @Test(arguments: RunState.allCases, RunState.allCases)
    func `a run goes only along its paths, and schema and types agree on them`(
        _ from: RunState, _ to: RunState
    ) async throws {
        let (store, id) = try await run(in: from)
        let before = try await store.run(id)

        if from.mayBecome(to) {
            try await go(store, id, to: to)
            #expect(try await store.run(id)?.state == to)
        } else if from == to {
            // Staying is no step.
        } else {
            await #expect(throws: StoreError.illegalTransition(run: id, from: from, to: to)) {
                try await go(store, id, to: to)
            }
            await #expect(throws: StoreError.self) {
                try await store.execute(
                    """
                    UPDATE trainingRun SET state = '\(to.rawValue)', startedAt = '2026-01-01 00:00:00.000',
                      finishedAt = \(to.isActive ? "NULL" : "'2026-01-01 00:00:00.000'")
                    """)
            }
            #expect(try await store.run(id) == before)
        }
    }

    @Test func `one run is active at a time`() async throws {
        let store = try await Database.withLiveVersion()
        let first = try await store.createRun(store.run())

        await #expect(throws: StoreError.runUnderWay(first.id!)) {
            _ = try await store.createRun(store.run())
        }
        #expect(try await store.activeRun() == first)

        try await store.finishRun(first.id!, state: .cancelled, at: noon(1))
        #expect(try await store.activeRun() == nil)
        let second = try await store.createRun(store.run())
        #expect(try await store.runs(limit: 9).map(\.id) == [second.id, first.id])
    }

    @Test func `a run's progress is kept and its end tells why`() async throws {
        let store = try await Database.withLiveVersion()
        let id = try #require(try await store.createRun(store.run()).id)
        try await store.startRun(id, directory: "runs/0001", trainingRows: 7, at: noon(1))

        try await store.updateRun(id) { run in
            run.processID = 4_711
            run.step = 3
            run.totalSteps = 10
            run.loss = .nan
            run.developmentAccuracy = 0.75
        }
        let ended = try await store.finishRun(id, state: .failed, at: noon(9), error: "killed by signal 9")

        #expect(ended.step == 3)
        #expect(ended.loss == nil)
        #expect(ended.developmentAccuracy == 0.75)
        #expect(ended.processID == nil)
        #expect(ended.finishedAt == noon(9))
        #expect(ended.error == "killed by signal 9")
        #expect(try await store.run(id) == ended)
    }

    @Test func `the remedies of a run are kept in their order and never change`() async throws {
        let (store, id) = try await run(in: .running)
        for (level, outcome) in [("head", "hopeless"), ("full", "promoted")] {
            try await store.record(
                Rung(
                    runID: id, at: noon(1), level: level, outcome: outcome, rows: 7, cpuSeconds: 1.5,
                    seconds: 2, sentence: "as it is"))
        }

        #expect(try await store.rungs(ofRun: id).map(\.level) == ["head", "full"])
        #expect(
            try await store.rows("SELECT run, level, outcome, rows, cpu_seconds, seconds FROM rung_history")
                == ["\(id)|head|hopeless|7|1.5|2.0", "\(id)|full|promoted|7|1.5|2.0"])
        for lie in [
            "UPDATE rung SET rows = 8", "DELETE FROM rung",
            "INSERT INTO rung SELECT NULL, 1, at, 'x', 'luck', 1, 1, 1, '' FROM rung",
        ] {
            await #expect(throws: StoreError.self) { try await store.execute(lie) }
        }
    }

    @Test func `what a run left out is kept, and a doubtful label lies in quarantine once`() async throws {
        let (store, id) = try await run(in: .running)
        let row = try #require(try await store.fetch(examples(0..<2)).inserted.last)
        try await store.insert(outcomes: [outcome(row.id, isWrong: true)])
        let parts = [
            LeftOut(runID: id, reason: .slip, source: row.source, rows: 1),
            LeftOut(runID: id, reason: .nearDuplicate, source: row.source, rows: 3),
        ]
        try await store.record(parts, doubtful: [(row, "version 1 is sure of another")], at: noon(1))
        try await store.record([], doubtful: [(row, "version 1 is sure of another")], at: noon(2))

        let sure = try await store.confidentAnswers(to: 1...row.id, confidence: 0.9)
        #expect(sure.map(\.exampleID) == [row.id] && sure.map(\.predictedLabel) == ["bad"])
        #expect(try await store.confidentAnswers(to: 1...row.id, confidence: 0.91).isEmpty)
        #expect(try await store.leftOut(ofRun: id).map(\.rows) == [1, 3])
        #expect(try await store.quarantine(limit: 9).map(\.excerpt) == ["\(row.label): \(row.text)"])
        for lie in ["UPDATE leftOut SET rows = 8", "DELETE FROM leftOut"] {
            await #expect(throws: StoreError.self) { try await store.execute(lie) }
        }
    }

    @Test func `ending a run twice the same way is once`() async throws {
        let (store, id) = try await run(in: .refused)
        let ended = try await store.run(id)

        let again = try await store.finishRun(id, state: .refused, at: noon(99), verdict: "{}")

        #expect(again == ended)
    }

    @Test func `a run that ended cannot be changed`() async throws {
        let (store, id) = try await run(in: .failed)

        await #expect(throws: StoreError.illegalTransition(run: id, from: .failed, to: .failed)) {
            try await store.updateRun(id) { $0.step = 5 }
        }
        await #expect(throws: StoreError.noSuchRun(99)) { try await store.updateRun(99) { $0.step = 5 } }
    }

    @Test(arguments: [RunState.queued, .running, .judging])
    func `what was under way when the daemon stopped is ended at its start`(_ state: RunState) async throws {
        let (store, id) = try await run(in: state)

        let interrupted = try await store.interruptedRuns(at: noon(60))

        #expect(interrupted.map(\.id) == [id])
        #expect(interrupted.first?.state == (state == .queued ? .cancelled : .failed))
        #expect(interrupted.first?.error == "the daemon stopped before the run ended")
        #expect(try await store.interruptedRuns(at: noon(61)).isEmpty)
        _ = try await store.createRun(store.run())
    }
}
