import Glibc

/// When to train again: the rules, as numbers that an operator may change.
///
/// Reasons, the strongest first: an operator's request, an alarm on accuracy, avoidable errors
/// over budget, enough new labels, the schedule. A request waits only for a run under way. All
/// others also wait for enough new labels, the cool-down, blackout hours and the day's limits. A false
/// training costs minutes of CPU, a false promotion harms users: hence this gate is wide and
/// `PromotionPolicy` is narrow. A shift of the inputs alone is no reason: it asks for labels.
public struct RetrainingPolicy: Sendable, Hashable, Codable {
    /// New labels, after a dated change those since, without which training has nothing to learn from.
    public var minimumNewLabels = 200
    /// Seconds from the end of a run to the start of the next.
    public var coolDown: Double = 6 * 3_600
    /// Seconds to which the cool-down grows, doubling with every run that ended without a promotion.
    public var maximumCoolDown: Double = 7 * 86_400
    /// Runs that may start within 24 hours.
    public var maximumRunsPerDay = 4
    /// Seconds of processor time that runs may take within 24 hours; nil for any.
    public var cpuBudget: Double?
    /// Hours in which no run starts by itself.
    public var blackouts: [BlackoutHours] = []
    /// Avoidable errors that are put up with; nil switches the rule off.
    public var avoidableErrorBudget: Double? = 500
    /// Labels since the promotion before avoidable errors are counted.
    public var minimumLabelsForBudget = 200
    /// New labels that are themselves a reason to train; nil switches the rule off.
    public var newLabelsTrigger: Int?
    /// Seconds after which a model is trained again in any case; nil switches the rule off.
    public var interval: Double?

    public init() {}

    /// Weighs the evidence; the same evidence always gives the same decision.
    public func decide(_ evidence: Evidence) -> RetrainingDecision {
        if evidence.isTraining { return .wait(.runInProgress) }
        guard let reason = reason(in: evidence) else { return .wait(withoutReason(evidence)) }
        if case .manual = reason { return .retrain(reason) }

        let lessons = lessons(in: evidence, for: reason)
        if lessons < minimumNewLabels {
            return .wait(.tooFewNewLabels(have: lessons, need: minimumNewLabels, for: reason))
        }
        if let ended = evidence.lastRunEndedAt {
            // A clock that was set back must not stretch the wait beyond the cool-down itself.
            let wait = coolDown(afterRefusals: evidence.refusalsInARow)
            let remaining = min(wait, ended + wait - evidence.now)
            if remaining > 0 {
                return .wait(
                    .coolingDown(remaining: remaining, refusals: evidence.refusalsInARow, for: reason))
            }
        }
        if let remaining = blackouts.compactMap({ $0.remaining(at: evidence.now) }).max() {
            return .wait(.blackout(remaining: remaining, for: reason))
        }
        let day = 86_400.0
        let today = evidence.recentRunStarts.filter { $0 > evidence.now - day }.sorted()
        if today.count >= maximumRunsPerDay {
            // The next slot opens when the oldest run that fills the limit is a day old.
            let filling = today.suffix(max(1, maximumRunsPerDay)).first ?? evidence.now
            let remaining = min(day, filling + day - evidence.now)
            return .wait(
                .dailyLimit(runs: today.count, limit: maximumRunsPerDay, remaining: remaining, for: reason))
        }
        if let cpuBudget, evidence.cpuSecondsToday >= cpuBudget {
            return .wait(.cpuBudget(used: evidence.cpuSecondsToday, budget: cpuBudget, for: reason))
        }
        return .retrain(reason)
    }

    /// The new labels that teach what is to be learned: where a change is dated, those from before it do not. A run on
    /// the first few after it is refused for want of rows, and the cool-down then holds back the one that would help.
    private func lessons(in evidence: Evidence, for reason: RetrainReason) -> Int {
        guard case .accuracyAlarm(let alarm) = reason, let since = alarm.labelsSinceChange else {
            return evidence.newLabels
        }
        return min(evidence.newLabels, since)
    }

    /// With labels at hand the evidence would speak; without them a shift of the inputs asks for some.
    private func withoutReason(_ evidence: Evidence) -> WaitReason {
        guard !evidence.shiftedInputs.isEmpty, evidence.newLabels < minimumNewLabels else {
            return .nothingToDo
        }
        return .labelsWanted(
            inputs: evidence.shiftedInputs, have: evidence.newLabels, need: minimumNewLabels)
    }

    /// The cool-down in seconds after a number of runs in a row without a promotion.
    public func coolDown(afterRefusals refusals: Int) -> Double {
        min(max(coolDown, maximumCoolDown), coolDown * pow(2, Double(min(62, max(0, refusals)))))
    }

    private func reason(in evidence: Evidence) -> RetrainReason? {
        if let request = evidence.request { return .manual(request) }
        if let alarm = evidence.accuracyAlarm { return .accuracyAlarm(alarm) }
        if let errors = evidence.avoidableErrors, let budget = avoidableErrorBudget,
            errors.labels >= minimumLabelsForBudget, errors.count > budget
        {
            return .avoidableErrors(errors, budget: budget)
        }
        if let trigger = newLabelsTrigger, evidence.newLabels >= trigger {
            return .newLabels(evidence.newLabels)
        }
        if let interval, let ended = evidence.lastRunEndedAt, evidence.now - ended >= interval {
            return .schedule(age: evidence.now - ended)
        }
        return nil
    }
}
