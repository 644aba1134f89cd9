import Drift
package import Foundation

/// Lets another policy live through what happened: when it would have started runs, and what came of them.
///
/// A pure function of the history. The watch and the policy are those of the daemon, so the policy that was in
/// force gives what happened. What a run of the other policy would have given is the assumption of
/// `PolicyHistory.likely`, what a version would have answered that of `SimulatedAnswers`; what people
/// ordered is taken to happen as it did.
package struct PolicySimulation {
    let history: PolicyHistory
    let settings: TriggerSettings
    let policy: RetrainingPolicy
    private let since: Date
    let until: Date

    private var answers: SimulatedAnswers
    var live: Int
    var watch: DriftWatch
    var run: Running?
    /// Runs so far, the oldest first.
    var starts: [(at: Date, cpuSeconds: Double)] = []
    var ends: [End] = []
    /// When rows came in, and their numbers, each in order.
    let arrivals: [Date]
    let numbers: [Int64]
    /// The newest row that was scored, and the newest that a judged run may have learned from.
    var newest: Int64 = 0
    var cut: Int64 = 0
    /// What people did, and what the policy did not decide, that lies ahead.
    private var ahead: ArraySlice<Order>
    var lookAgainAt: Date?
    var nextRowAt: Date?
    var takenBack: Set<Int> = []
    var course = SimulatedCourse()

    struct Running {
        var end: Date
        /// What it is taken to end as; `nil` where nothing tells.
        var likeness: PolicyHistory.Run?
        /// The newest row that it may learn from.
        var cut: Int64
        var isAutomatic: Bool
    }

    struct End {
        var at: Date
        var version: Int?
    }

    enum Order {
        case run(PolicyHistory.Run)
        case takeover(PolicyHistory.Takeover)

        var at: Date {
            switch self {
            case .run(let run): run.queuedAt
            case .takeover(let takeover): takeover.at
            }
        }
    }

    /// - Returns: nil where nothing was live at `since`.
    package static func course(
        of settings: TriggerSettings, through history: PolicyHistory, since: Date, until: Date
    ) -> SimulatedCourse? {
        guard var simulation = PolicySimulation(history, settings, since: since, until: until) else {
            return nil
        }
        simulation.liveThrough()
        return simulation.course
    }

    private init?(_ history: PolicyHistory, _ settings: TriggerSettings, since: Date, until: Date) {
        guard let takeover = history.live(at: since), let reference = history.references[takeover.version]
        else { return nil }
        self.history = history
        self.settings = settings
        self.since = since
        self.until = until
        policy = RetrainingPolicy(settings.retraining)
        answers = SimulatedAnswers(history)
        arrivals = history.rows.map(\.receivedAt).sorted()
        numbers = history.rows.map(\.exampleID).sorted()
        live = takeover.version
        watch = DriftWatch(
            version: live, reference: reference,
            settings: DriftWatch.Settings(
                settings.watching, labelsPerDay: history.labelsPerDay(at: takeover.at)))
        let orders =
            history.runs.filter { !$0.isAutomatic }.map(Order.run)
            + history.takeovers.filter { !history.isOfPolicy($0) }.map(Order.takeover)
        ahead = orders.filter { $0.at > since && $0.at < until }.sorted { $0.at < $1.at }[...]
        takeUp(takeover)
    }

    /// Where things stood when the simulation begins.
    private mutating func takeUp(_ takeover: PolicyHistory.Takeover) {
        let before = history.runs.filter { $0.queuedAt <= since }
        starts = before.map { ($0.queuedAt, $0.cpuSeconds) }
        for run in before where run.freeAt <= since {
            ends.append(End(at: run.endedAt, version: run.takeover?.version))
        }
        takenBack = Set(
            history.takeovers.filter { $0.kind == "rollback" && $0.at <= since }.compactMap(\.previous)
        ).intersection(history.takenBack)
        let seen = history.rows.prefix { $0.scoredAt < since }
        func newest(at moment: Date) -> Int64 { seen.last { $0.scoredAt <= moment }?.exampleID ?? 0 }
        self.newest = newest(at: since)
        let judged = before.last { $0.freeAt <= since && $0.state != "failed" }
        cut = judged.map { newest(at: $0.queuedAt) } ?? 0
        if let last = before.last, last.freeAt > since {
            run = Running(
                end: last.freeAt, likeness: last, cut: newest(at: last.queuedAt),
                isAutomatic: last.isAutomatic)
        }
        for row in seen where row.version == live && row.scoredAt >= takeover.at {
            _ = watch.observe(Observation(row, loss: row.loss))
        }
    }

    // MARK: The course of time

    private mutating func liveThrough() {
        var place = history.rows.prefix { $0.scoredAt < since }.count
        while place < history.rows.count, history.rows[place].scoredAt < until {
            let now = history.rows[place].scoredAt
            nextRowAt = now
            advance(to: now)
            // Rows that were scored together are weighed together, as the daemon does it.
            while place < history.rows.count, history.rows[place].scoredAt == now {
                observe(place)
                place += 1
            }
            nextRowAt = place < history.rows.count ? history.rows[place].scoredAt : nil
            consider(at: now)
        }
        nextRowAt = nil
        advance(to: until)
    }

    /// Everything between two rows: orders, ends of runs, waits that are over.
    private mutating func advance(to end: Date) {
        while let next = [ahead.first?.at, run?.end, lookAgainAt].compactMap(\.self).min(), next <= end {
            if let order = ahead.first, order.at == next {
                ahead.removeFirst()
                follow(order)
            } else if let run, run.end == next {
                self.run = nil
                finish(run)
                consider(at: next)
            } else {
                lookAgainAt = nil
                consider(at: next)
            }
        }
    }

    private mutating func observe(_ place: Int) {
        let row = history.rows[place]
        newest = row.exampleID
        // Rows that may not speak for all are learned from, and weighed by nobody.
        guard row.isRepresentative else { return }
        let loss: Double
        switch answers.answer(of: live, at: place, since: watch.alarm?.changeBeganWith) {
        case .known(let known):
            loss = known
            course.tally.leastMistakes += known
            course.tally.mostMistakes += known
        case .assumed(let assumed, let range):
            loss = assumed
            course.tally.assumedRows += 1
            course.tally.leastMistakes += range.lowerBound
            course.tally.mostMistakes += range.upperBound
        }
        course.tally.rows += 1
        course.tally.mistakes += loss
        for event in watch.observe(Observation(row, loss: loss))
        where event.detector == ShiryaevRoberts.name && event.verdict == .drift {
            course.tally.alarms += 1
            course.add(
                .alarm, at: row.scoredAt,
                "version \(live) broke its promise, after \(counted(watch.count, "label"))")
        }
    }
}

extension Observation {
    /// What a watch needs of a row to weigh its loss.
    fileprivate init(_ row: PolicyHistory.Row, loss: Double) {
        self.init(
            exampleID: row.exampleID, at: row.receivedAt, label: "", predicted: "", loss: loss, lossInNats: 0,
            confidence: 0, tokens: 0, unknownTokens: 0, isRepresentative: row.isRepresentative)
    }
}
