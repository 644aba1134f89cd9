import Drift
package import Foundation

/// Lets another policy live through what happened: when it would have started runs, and what came of them.
///
/// A pure function of the history. The watch and the policy are those of the daemon, so the policy that was in
/// force gives what happened. What a run of the other policy would have given is the assumption of
/// `PolicyHistory.likely`, what a version would have answered that of `SimulatedAnswers`; what people
/// ordered is taken to happen as it did.
package struct PolicySimulation {
    private let history: PolicyHistory
    private let settings: TriggerSettings
    private let policy: RetrainingPolicy
    private let since: Date
    private let until: Date

    private var answers: SimulatedAnswers
    private var live: Int
    private var watch: DriftWatch
    private var run: Running?
    /// Runs so far, the oldest first.
    private var starts: [(at: Date, cpuSeconds: Double)] = []
    private var ends: [End] = []
    /// When rows came in, and their numbers, each in order.
    private let arrivals: [Date]
    private let numbers: [Int64]
    /// The newest row that was scored, and the newest that a judged run may have learned from.
    private var newest: Int64 = 0
    private var cut: Int64 = 0
    /// What people did, and what the policy did not decide, that lies ahead.
    private var ahead: ArraySlice<Order>
    private var lookAgainAt: Date?
    private var nextRowAt: Date?
    private var takenBack: Set<Int> = []
    private(set) var course = SimulatedCourse()

    private struct Running {
        var end: Date
        /// What it is taken to end as; `nil` where nothing tells.
        var likeness: PolicyHistory.Run?
        /// The newest row that it may learn from.
        var cut: Int64
        var isAutomatic: Bool
    }

    private struct End {
        var at: Date
        var version: Int?
    }

    private enum Order {
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

    // MARK: Deciding

    private mutating func consider(at now: Date) {
        guard settings.retraining.enabled, run == nil, now < until else { return }
        switch policy.decide(evidence(at: now)) {
        case .retrain(let reason): start(reason, at: now)
        case .wait(let reason):
            // At least a second on: a wait that rounding left a hair of must end.
            lookAgainAt = nextLook(after: reason, at: now).map { max($0, now.addingTimeInterval(1)) }
        }
    }

    private func evidence(at now: Date) -> Evidence {
        let today = starts.filter { $0.at > now.addingTimeInterval(-86_400) }
        let arrived = arrivals.partitioningIndex { $0 > now }
        let learned = numbers.partitioningIndex { $0 > cut }
        return Evidence(
            now: now.timeIntervalSince1970, newLabels: max(0, arrived - learned),
            lastRunEndedAt: ends.map(\.at.timeIntervalSince1970).max(),
            refusalsInARow: ends.reversed().prefix { $0.version.map(takenBack.contains) ?? true }.count,
            recentRunStarts: today.map(\.at.timeIntervalSince1970),
            cpuSecondsToday: today.reduce(0) { $0 + $1.cpuSeconds },
            accuracyAlarm: watch.accuracyAlarm, avoidableErrors: watch.avoidableErrors)
    }

    /// When the passing of time alone may change the decision.
    private func nextLook(after reason: WaitReason, at now: Date) -> Date? {
        switch reason {
        case .coolingDown(let remaining, _, _), .dailyLimit(_, _, let remaining, _),
            .blackout(let remaining, _):
            now.addingTimeInterval(remaining)
        case .cpuBudget:
            starts.map { $0.at.addingTimeInterval(86_400) }.filter { $0 > now }.min()
        case .nothingToDo, .labelsWanted:
            policy.interval.flatMap { interval in ends.map(\.at).max()?.addingTimeInterval(interval) }
        case .runInProgress, .tooFewNewLabels: nil
        }
    }

    private mutating func start(_ reason: RetrainReason, at now: Date) {
        let likeness = history.likely(from: live, at: now)
        // Between this moment and the recorded start nothing was seen: they are one and the same decision.
        let isSame =
            likeness.map { $0.queuedAt >= now && $0.queuedAt <= nextRowAt ?? .distantFuture } ?? false
        let begun = isSame ? likeness!.queuedAt : now
        let usual = history.usualRun
        let seconds = likeness.map { $0.freeAt.timeIntervalSince($0.queuedAt) } ?? usual.seconds
        run = Running(
            end: isSame ? likeness!.freeAt : begun.addingTimeInterval(seconds), likeness: likeness,
            cut: newest, isAutomatic: true)
        lookAgainAt = nil
        count(likeness?.cpuSeconds ?? usual.cpuSeconds, at: begun)
        course.tally.unknownRuns += likeness == nil ? 1 : 0
        course.add(.start, at: begun, "a run starts: \(reason.sentence)")
    }

    private mutating func count(_ cpuSeconds: Double, at begun: Date) {
        starts.append((begun, cpuSeconds))
        course.tally.runs += 1
        course.tally.cpuSeconds += cpuSeconds
        course.tally.labelsToFirstRun = course.tally.labelsToFirstRun ?? course.tally.rows
    }

    private mutating func finish(_ run: Running) {
        let takeover = run.likeness?.takeover
        ends.append(End(at: run.end, version: takeover?.version))
        // A run that failed was not judged: its rows are new still.
        if run.likeness?.state != "failed" { cut = run.cut }
        guard run.isAutomatic else { return }
        guard let likeness = run.likeness else {
            course.add(
                .end, at: run.end, "it ends; what it would have given nobody knows, so nothing changes")
            return
        }
        guard let takeover, takeover.version != live, history.references[takeover.version] != nil else {
            course.add(.end, at: run.end, "it ends as run \(likeness.id) did: \(likeness.state)")
            return
        }
        course.tally.promotions += 1
        course.add(
            .end, at: run.end, "it ends as run \(likeness.id) did: version \(takeover.version) is live")
        makeLive(takeover.version, at: run.end)
    }

    // MARK: What was not the policy's to decide

    private mutating func follow(_ order: Order) {
        switch order {
        case .run(let ordered):
            count(ordered.cpuSeconds, at: ordered.queuedAt)
            course.add(.start, at: ordered.queuedAt, "run \(ordered.id) starts: \(ordered.reason)")
            if run == nil {
                run = Running(end: ordered.freeAt, likeness: ordered, cut: newest, isAutomatic: false)
                lookAgainAt = nil
            }
        case .takeover(let takeover):
            let isBack = takeover.kind == "rollback"
            guard !isBack || takeover.previous == live, takeover.version != live,
                history.references[takeover.version] != nil
            else { return }
            if isBack, history.takenBack.contains(live) { takenBack.insert(live) }
            course.tally.promotions += takeover.kind == "promoted" ? 1 : 0
            course.add(.takeover, at: takeover.at, takeover.words)
            makeLive(takeover.version, at: takeover.at)
        }
    }

    private mutating func makeLive(_ version: Int, at now: Date) {
        live = version
        watch = DriftWatch(
            version: version, reference: history.references[version]!,
            settings: DriftWatch.Settings(settings.watching, labelsPerDay: history.labelsPerDay(at: now)))
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
