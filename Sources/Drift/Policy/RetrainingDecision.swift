/// Whether to train now, and why.
public enum RetrainingDecision: Sendable, Hashable, Codable {
    case wait(WaitReason)
    case retrain(RetrainReason)

    /// The decision as one sentence for people.
    public var sentence: String {
        switch self {
        case .wait(let reason): "Waiting: \(reason.sentence)."
        case .retrain(let reason): "Retraining: \(reason.sentence)."
        }
    }

    public var reason: RetrainReason? {
        if case .retrain(let reason) = self { reason } else { nil }
    }
}

/// Why a training starts.
public enum RetrainReason: Sendable, Hashable, Codable {
    /// An operator asked for it.
    case manual(ManualRequest)
    /// The error rose above its promise.
    case accuracyAlarm(AccuracyAlarm)
    /// Small losses have added up.
    case avoidableErrors(AvoidableErrors, budget: Double)
    /// Enough labels came in since the last training.
    case newLabels(Int)
    /// The last training is long enough ago.
    case schedule(age: Double)

    /// A word for logs, metrics and the `trigger` column.
    public var name: String {
        switch self {
        case .manual: "manual"
        case .accuracyAlarm: "accuracy"
        case .avoidableErrors: "avoidable-errors"
        case .newLabels: "new-labels"
        case .schedule: "schedule"
        }
    }

    /// Whether the challenger must prove a benefit, or only that it does no harm (a refresh).
    public var purpose: TrialPurpose {
        switch self {
        case .accuracyAlarm, .avoidableErrors, .manual: .benefit
        case .newLabels, .schedule: .refresh
        }
    }

    /// The reason as a clause, without a full stop.
    public var sentence: String {
        switch self {
        case .manual(let request):
            return "\(request.actor) asked for it" + (request.reason.isEmpty ? "" : " (\(request.reason))")
        case .accuracyAlarm(let alarm):
            let since =
                alarm.labelsSinceChange.map { "; the change seems to have begun \(counted($0, "label")) ago" }
                ?? ""
            return "\(alarm.detector) finds the error above its promise, evidence "
                + "\(magnitude(log10: alarm.log10Evidence)), alarm at \(magnitude(log10: alarm.log10Threshold)), "
                + "after \(counted(alarm.observations, "label"))\(since)"
        case .avoidableErrors(let errors, let budget):
            return
                "about \(decimals(errors.count, 0)) avoidable errors over \(counted(errors.labels, "label")), "
                + "more than the budget of \(decimals(budget, 0))"
        case .newLabels(let count):
            return "\(counted(count, "new label")) came in since the last training"
        case .schedule(let age):
            return "the last training is \(span(age)) ago"
        }
    }
}

/// Why nothing is trained now.
public enum WaitReason: Sendable, Hashable, Codable {
    /// Nothing speaks for a training.
    case nothingToDo
    /// A run is under way.
    case runInProgress
    /// There is a reason, but too little to learn from.
    case tooFewNewLabels(have: Int, need: Int, for: RetrainReason)
    /// There is a reason, but the last run ended too recently; `remaining` is in seconds.
    case coolingDown(remaining: Double, refusals: Int, for: RetrainReason)
    /// There is a reason, but the day's runs are used up; `remaining` is in seconds.
    case dailyLimit(runs: Int, limit: Int, remaining: Double, for: RetrainReason)
    /// There is a reason, but not at this time of day; `remaining` is in seconds.
    case blackout(remaining: Double, for: RetrainReason)
    /// There is a reason, but the day's processor time is used up; both are in seconds.
    case cpuBudget(used: Double, budget: Double, for: RetrainReason)
    /// The inputs moved, and nobody knows whether that hurts: labels would tell.
    case labelsWanted(inputs: [String], have: Int, need: Int)

    /// The reason as a clause, without a full stop.
    public var sentence: String {
        switch self {
        case .nothingToDo:
            return "nothing speaks for a training"
        case .runInProgress:
            return "a run is under way"
        case .tooFewNewLabels(let have, let need, let reason):
            return "\(reason.sentence), but there are only \(have) of \(need) new labels needed to learn from"
        case .coolingDown(let remaining, let refusals, let reason):
            let why = refusals > 0 ? " after \(counted(refusals, "run")) without a promotion" : ""
            return "\(reason.sentence), but the cool-down\(why) lasts another \(span(remaining))"
        case .dailyLimit(let runs, let limit, let remaining, let reason):
            return "\(reason.sentence), but \(counted(runs, "run")) of \(limit) a day are used; "
                + "the next may start in \(span(remaining))"
        case .blackout(let remaining, let reason):
            return "\(reason.sentence), but these are blackout hours for another \(span(remaining))"
        case .cpuBudget(let used, let budget, let reason):
            return "\(reason.sentence), but \(span(used)) of \(span(budget)) processor time a day are used"
        case .labelsWanted(let inputs, let have, let need):
            return "what is asked has changed (\(inputs.joined(separator: ", "))), and only labels can tell "
                + "whether that hurts: label a random sample of today's requests, \(have) of \(need) are here"
        }
    }
}
