import Drift
import Foundation
import Honing
import Testing

/// Another policy lives through what happened.
@Suite struct SimulationTests {
    private static let start = Date(timeIntervalSince1970: 1_795_420_800)

    private static func minutes(_ count: Int) -> Date { start.addingTimeInterval(Double(count) * 60) }

    private static func reference(error: Double) -> Reference {
        Reference(
            (0..<1_000).map {
                Observation(
                    exampleID: Int64($0), at: start, label: "good", predicted: "good",
                    loss: Double($0) < error * 1_000 ? 1 : 0, lossInNats: 0.3, confidence: 0.8, tokens: 9,
                    unknownTokens: 0)
            }, labels: ["bad", "good"], source: "holdout")
    }

    /// Ten rows every ten minutes. From the 401st on version 1 is wrong on half of them; the policy, which
    /// waits for no rows of the change, starts a run, and version 2, twelve minutes later, is right again.
    private static func history(rows count: Int = 2_000) throws -> PolicyHistory {
        let takeover = PolicyHistory.Takeover(at: start, version: 1, kind: "initial")
        var history = PolicyHistory(
            rows: [], references: [1: reference(error: 0.1), 2: reference(error: 0.1)], runs: [],
            takeovers: [takeover])
        var watch = DriftWatch(version: 1, reference: reference(error: 0.1))
        var random = SplitMix64(seed: 5)
        for index in 0..<count {
            let scored = minutes(10 * (index / 10) + 10)
            let isLive = history.takeovers.last!.at < scored
            let version = history.takeovers[history.takeovers.count - (isLive ? 1 : 2)].version
            let error = version == 1 && index >= 400 ? 0.5 : 0.1
            let loss = Double.random(in: 0..<1, using: &random) < error ? 1.0 : 0
            let row = PolicyHistory.Row(
                exampleID: Int64(index + 1), receivedAt: scored.addingTimeInterval(-5), scoredAt: scored,
                version: version, loss: loss)
            history.rows.append(row)
            if version == 1 { _ = watch.observe(observation(row)) }
            if index % 10 == 9, watch.alarm != nil, history.runs.isEmpty {
                let run = PolicyHistory.Run(
                    id: 1, base: 1, isAutomatic: true, reason: "the alarm",
                    queuedAt: scored.addingTimeInterval(1), endedAt: scored.addingTimeInterval(720),
                    state: "promoted",
                    takeover: .init(
                        at: scored.addingTimeInterval(720), version: 2, previous: 1, kind: "promoted",
                        runID: 1),
                    cpuSeconds: 600)
                history.runs = [run]
                history.takeovers.append(run.takeover!)
                history.alarms = [scored]
            }
        }
        _ = try #require(history.runs.first)
        return history
    }

    private static func observation(_ row: PolicyHistory.Row) -> Observation {
        Observation(
            exampleID: row.exampleID, at: row.receivedAt, label: "", predicted: "", loss: row.loss,
            lossInNats: 0,
            confidence: 0, tokens: 0, unknownTokens: 0)
    }

    private func simulate(
        _ history: PolicyHistory, _ yaml: String = "", since: Date? = nil
    ) throws -> Simulation {
        var current = TriggerSettings()
        current.retraining.minimumNewLabels = 10
        let settings = try TriggerSettings.parse(yaml, file: "policy.yaml", over: current)
        return try Simulation(
            settings, over: current, through: history, since: since,
            until: history.rows.last!.scoredAt.addingTimeInterval(60))
    }

    @Test func `the policy in force gives what happened`() throws {
        let history = try Self.history()

        let simulation = try simulate(history)

        #expect(simulation.policy == simulation.really)
        #expect(simulation.policy.runs == 1 && simulation.policy.alarms == 1)
        #expect(simulation.policy.assumedRows == 0)
        #expect(simulation.events.map(\.kind) == [.alarm, .start, .end])
        #expect(simulation.events.allSatisfy { $0.side == .both }, "\(simulation.text)")
        #expect(simulation.sentence.contains("would have done what was done"))
        // A stretch that begins in the middle takes up what stood then.
        let later = try simulate(history, since: Self.minutes(350))
        #expect(later.policy == later.really && later.policy.runs == 1, "\(later.text)")
    }

    @Test func `a policy that never fires keeps the broken version`() throws {
        let history = try Self.history()

        let simulation = try simulate(history, "retraining: {minimum_new_labels: 20000, maximum_rows: 20000}")

        let after = history.rows.filter { $0.version == 2 }
        #expect(simulation.policy.runs == 0 && simulation.policy.cpuSeconds == 0)
        #expect(simulation.policy.alarms == 1)
        #expect(simulation.policy.assumedRows == after.count)
        // Its rows since the change come again: half of them were wrong.
        let changed = history.rows.filter { $0.version == 1 && $0.exampleID > 400 }
        let rate = changed.reduce(0) { $0 + $1.loss } / Double(changed.count)
        let known = history.rows.filter { $0.version == 1 }.reduce(0) { $0 + $1.loss }
        let expected = known + rate * Double(after.count)
        // The change is dated by few rows, and by those that tipped the detector.
        #expect(abs(simulation.policy.mistakes - expected) < 0.2 * expected)
        #expect(simulation.policy.leastMistakes < expected && expected < simulation.policy.mostMistakes)
        #expect(simulation.sentence.contains("more mistakes, as far as that can be assumed"))
        #expect(simulation.assumptions.contains { $0.contains("nobody knows") })
    }

    @Test func `what a version answered unseen is no assumption`() throws {
        var history = try Self.history()
        let after = history.rows.filter { $0.version == 2 }
        history.unseen[1] = Dictionary(uniqueKeysWithValues: after.map { ($0.exampleID, 1) })

        let simulation = try simulate(history, "retraining: {enabled: false}")

        #expect(simulation.policy.assumedRows == 0)
        let known = history.rows.filter { $0.version == 1 }.reduce(0) { $0 + $1.loss }
        #expect(simulation.policy.mistakes == known + Double(after.count))
    }

    @Test func `an eager policy fires sooner and spares mistakes`() throws {
        let history = try Self.history()

        let simulation = try simulate(
            history, "watching: {false_alarm_labels: 100, false_alarm_interval: 0s}")

        let (was, would) = (
            try #require(simulation.really.labelsToFirstRun), try #require(simulation.policy.labelsToFirstRun)
        )
        #expect(would < was)
        #expect(simulation.policy.runs >= 1 && simulation.policy.promotions >= 1)
        #expect(simulation.policy.assumedRows >= was - would - 20)
        #expect(simulation.changes.count == 2, "\(simulation.changes)")
        #expect(simulation.changes.contains("watching.false_alarm_labels: 20000 → 100"))
    }

    @Test func `blackout hours put a run off until they end`() throws {
        let history = try Self.history()
        let begun = history.runs[0].queuedAt
        // From the hour before the run until four hours later.
        func clock(_ hours: Double) -> String {
            let hour = Int((begun.timeIntervalSince1970 / 3_600).rounded(.down) + hours) % 24
            return "\(hour < 10 ? "0" : "")\(hour):00"
        }

        let simulation = try simulate(history, "retraining: {blackout: [\"\(clock(-1))-\(clock(4))\"]}")

        let start = try #require(simulation.events.first { $0.kind == .start && $0.side == .policy })
        #expect(start.at.timeIntervalSince1970.truncatingRemainder(dividingBy: 3_600) < 2)
        #expect(start.at > begun && simulation.policy.mistakes > simulation.really.mistakes)
    }

    @Test func `where no run ever started nobody knows what one gives`() throws {
        var history = try Self.history(rows: 1_200)
        let first = history.takeovers[0]
        history.rows = history.rows.filter { $0.version == 1 }
        history.takeovers = [first]
        history.runs = []

        let simulation = try simulate(history)

        #expect(simulation.policy.runs >= 1 && simulation.policy.unknownRuns == simulation.policy.runs)
        #expect(simulation.policy.promotions == 0)
        #expect(simulation.policy.mistakes == simulation.really.mistakes)
        #expect(simulation.assumptions.contains { $0.contains("as if nothing had come of it") })
    }

    @Test func `what people ordered happens as it did`() throws {
        var history = try Self.history()
        let order = history.runs[0]
        history.runs[0].isAutomatic = false

        let simulation = try simulate(history, "retraining: {enabled: false}")

        #expect(simulation.policy.runs == 1 && simulation.policy.cpuSeconds == order.cpuSeconds)
        #expect(simulation.policy.promotions == 1 && simulation.policy.assumedRows == 0)
        #expect(simulation.policy.mistakes == simulation.really.mistakes)
    }

    @Test func `a refused run doubles the wait for the next`() throws {
        var history = try Self.history()
        let run = history.runs[0]
        history.runs[0].takeover = nil
        history.runs[0].state = "refused"
        history.takeovers.removeLast()
        for index in history.rows.indices where history.rows[index].version == 2 {
            history.rows[index].version = 1
        }

        let simulation = try simulate(history, "retraining: {cool_down: 1h, minimum_new_labels: 10}")

        let starts = simulation.events.filter { $0.kind == .start && $0.side != .really }.map(\.at)
        let gaps = zip(starts.dropFirst(), starts).map { $0.timeIntervalSince($1) - 720 }
        #expect(starts.count >= 3 && simulation.policy.promotions == 0)
        for (index, gap) in gaps.enumerated() {
            #expect(abs(gap - 3_600 * Double(1 << (index + 1))) < 1_200, "\(gaps)")
        }
        #expect(run.cpuSeconds * Double(starts.count) == simulation.policy.cpuSeconds)
    }

    // MARK: Reading and telling

    @Test func `a policy says what it changes, and where it is wrong`() throws {
        var current = TriggerSettings()
        current.retraining.coolDown = .seconds(3_600)
        let yaml = "retraining:\n  minimum_new_labels: 50\n  training: {epochs: 7}\n"
        let settings = try TriggerSettings.parse(yaml, file: "p.yaml", over: current)

        #expect(settings.retraining.coolDown == .seconds(3_600))
        let changes = settings.changes(from: current)
        #expect(changes.bearing == ["retraining.minimum_new_labels: 200 → 50"])
        #expect(changes.idle == ["retraining.training.epochs"])
        let error = #expect(throws: ConfigurationError.self) {
            try TriggerSettings.parse("watching:\n  windwo: 7\ngate: {}\n", file: "p.yaml", over: current)
        }
        #expect(
            error?.description == """
                p.yaml:2:3: watching.windwo is not a setting: did you mean watching.window?
                p.yaml:3:1: gate is not a setting: at the top level there are retraining, watching
                """)
    }

    @Test func `it fits a terminal and survives JSON`() throws {
        let history = try Self.history()
        for yaml in ["", "retraining: {enabled: false}", "watching: {tolerance: 0, false_alarm_labels: 100}"]
        {
            let simulation = try simulate(history, yaml)
            for line in simulation.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
            #expect(try decoded(encoded(simulation)) == simulation)
        }
    }

    @Test func `without a model there is nothing to simulate`() {
        let history = PolicyHistory(rows: [], references: [:], runs: [], takeovers: [])
        #expect(throws: SimulationError.nothingLive) {
            try Simulation(TriggerSettings(), over: TriggerSettings(), through: history, until: Self.start)
        }
    }
}
