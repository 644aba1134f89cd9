import Drift
import Foundation

/// What the policy decides, what comes of it, and what is not its to decide.
extension PolicySimulation {
    mutating func consider(at now: Date) {
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

    mutating func finish(_ run: Running) {
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

    mutating func follow(_ order: Order) {
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
