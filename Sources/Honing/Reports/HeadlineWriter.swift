import Drift
import Foundation

/// Says in plain words what the figures mean, for somebody who knows no statistics.
struct HeadlineWriter {
    let facts: ReportFacts
    /// The rows that speak of the present.
    let present: Status.Accuracy.Window?
    /// Whether they are those since the change that raised the alarm.
    let isSinceChange: Bool
    let classes: [ClassReport]
    let cause: CauseReport?

    func headline() -> Headline {
        guard let standing = facts.standing else { return Self.noModel }
        let state = state(standing)
        return Headline(
            state: state, sentence: sentence(state, standing), certainty: certainty(standing),
            since: beginning(state, standing), why: why(state, standing), done: done(standing),
            advice: advice(state, standing))
    }

    private static let noModel = Headline(
        state: .noModel, sentence: "No model is live yet.", certainty: "There is nothing to measure.",
        since: "–", why: "The registry is empty, or nothing in it was promoted.", done: "Nothing.",
        advice: "Import a first model with `hone import FOLDER`.")

    // MARK: Is it fine?

    private func state(_ standing: Standing) -> Headline.State {
        let isBroken = standing.alarm != nil || standing.breaksPromise
        if activeRun != nil { return .retraining }
        if isBroken { return .degraded }
        guard let accuracy = standing.accuracy, accuracy.count >= facts.settings.minimumLabels else {
            return .notEnoughLabels
        }
        let moves =
            standing.evidence?.verdict == .warning || standing.inputs.contains { $0.verdict == .drift }
        return moves ? .watch : .fine
    }

    private func sentence(_ state: Headline.State, _ standing: Standing) -> String {
        let version = "Version \(standing.model.version)"
        switch state {
        case .noModel: return Self.noModel.sentence
        case .notEnoughLabels:
            let count = standing.accuracy?.count ?? 0
            return "Not enough labels yet to judge version \(standing.model.version): "
                + "\(grouped(count)) of \(grouped(facts.settings.minimumLabels))."
        case .fine: return "\(version) keeps what it promised\(rightNow(standing))."
        case .watch: return "\(version) still keeps what it promised, but the stream is moving."
        case .degraded: return "\(version) is worse than it promised\(rightNow(standing))."
        case .retraining:
            let run =
                activeRun.map { "run \($0.id) is \($0.state == .judging ? "being judged" : "training")" }
                ?? ""
            let broken = standing.alarm != nil || standing.breaksPromise
            return broken
                ? "\(version) is worse than it promised; \(run) to mend it."
                : "\(version) is live, and \(run)."
        }
    }

    private func rightNow(_ standing: Standing) -> String {
        guard let present else { return "" }
        let judged =
            standing.accuracy?.baseline?.accuracy.map { "; it was \(percent($0)) when it was judged" } ?? ""
        let rows = isSinceChange ? "since the change" : "of the newest rows"
        return ": \(standing.model.right(on: present.accuracy)) \(rows)\(judged)"
    }

    // MARK: How sure, since when, why?

    private func certainty(_ standing: Standing) -> String {
        guard let accuracy = standing.accuracy, accuracy.count > 0 else {
            return "Nothing can be said: no labelled row came in since the promotion."
        }
        let was = standing.model.hasClasses ? "it was right on" : "its \(standing.model.rowScore) was"
        let interval =
            "Since its promotion \(was) \(percent(accuracy.estimate)) of "
            + "\(counted(accuracy.count, "labelled row")); the true value lies between "
            + "\(percent(accuracy.lower)) and \(percent(accuracy.upper)) with 95 % certainty, "
            + "however often one looks."
        let open = OpenQuestion(standing).map { " " + $0.sentence } ?? ""
        guard let evidence = standing.evidence else { return interval + open }
        let days = evidence.days.map { ", at the present rate once in \(span($0 * 86_400))" } ?? ""
        return interval + " On average a false alarm comes at most once in "
            + "\(counted(Int(evidence.averageRunLength.rounded()), "label"))\(days)." + open
    }

    private func beginning(_ state: Headline.State, _ standing: Standing) -> String {
        if let alarm = standing.alarm {
            if let began = cause?.began {
                return
                    "Since about \(moment(began.at)) UTC, or somewhere between \(moment(began.earliest)) and "
                    + "\(moment(began.latest)): \(percent(began.errorBefore)) mistakes before, "
                    + "\(percent(began.errorSince)) since. The alarm was raised on \(moment(alarm.at)) UTC."
            }
            let began = alarm.changeBeganAt.map { "Since about \(moment($0)) UTC; the" } ?? "The"
            return "\(began) alarm was raised on \(moment(alarm.at)) UTC."
        }
        return "Version \(standing.model.version) is live since \(moment(standing.model.promotedAt)) UTC."
    }

    private func why(_ state: Headline.State, _ standing: Standing) -> String {
        guard state != .notEnoughLabels else { return "A judgement on fewer rows would be a guess." }
        if let cause { return because(cause) }
        var reasons: [String] = []
        let moved = standing.inputs.filter { $0.verdict == .drift }
        if !moved.isEmpty {
            reasons.append(
                "What comes in is not what the model was judged on: \(listed(moved.map(\.title))) changed")
        }
        let isBroken = standing.alarm != nil || standing.breaksPromise
        if isBroken, let worst = worstFall {
            reasons.append(
                "the class \"\(worst.label)\" suffers most: \(percent(worst.recall ?? 0)) of it are recognised"
                    + (worst.recallBefore.map { ", \(percent($0)) were before" } ?? ""))
        }
        if !reasons.isEmpty { return reasons.map(\.asSentence).joined(separator: " ") }
        return isBroken
            ? "Inputs look as they did, yet the answers are wrong more often: what the labels mean may have changed."
            : "What comes in looks like what the model was judged on."
    }

    /// The cause, and what shows it in a few words.
    private func because(_ cause: CauseReport) -> String {
        var sentences = [cause.sentence]
        if let pair = cause.confused.first, pair.share > pair.shareBefore {
            sentences.append(
                "\"\(pair.label)\" is taken for \"\(pair.takenFor)\" in \(percent(pair.share)) of its rows, "
                    + "\(percent(pair.shareBefore)) before.")
        } else if cause.accuracyFell == true, let worst = worstFall {
            sentences.append(
                "The class \"\(worst.label)\" suffers most: \(percent(worst.recall ?? 0)) of it are recognised"
                    + (worst.recallBefore.map { ", \(percent($0)) were before." } ?? "."))
        }
        if !cause.rising.isEmpty {
            sentences.append(
                "Words that are new or more frequent: \(cause.rising.prefix(4).map(\.term).joined(separator: ", "))."
            )
        }
        return sentences.joined(separator: " ")
    }

    /// The class whose recall fell most, or is lowest where there is nothing to compare with.
    private var worstFall: ClassReport? {
        classes.filter { $0.support >= 10 && $0.recall != nil }.min {
            (($0.recall ?? 1) - ($0.recallBefore ?? 1), $0.label) < (
                ($1.recall ?? 1) - ($1.recallBefore ?? 1), $1.label
            )
        }
    }

    // MARK: What was done, what is to do?

    private var activeRun: RunSummary? { facts.runs.first { !$0.isFinished } }

    private func done(_ standing: Standing) -> String {
        if let run = activeRun {
            return "Run \(run.id) began\(run.startedAt.map { " on \(moment($0)) UTC" } ?? ""): \(run.reason)"
                .asSentence
        }
        let inStretch = facts.runs.filter { ($0.finishedAt ?? $0.queuedAt) >= facts.since }
        guard let run = inStretch.first else {
            guard standing.alarm != nil else { return "Nothing: nothing called for it." }
            return "It raised the alarm and has not trained yet\(facts.decision.map { ": \($0)" } ?? "")"
                .asSentence
        }
        let trained = run.trainingRows > 0 ? " trained on \(counted(run.trainingRows, "row")) and" : ""
        let outcome =
            switch run.state {
            case .promoted, .refused: "was \(run.verdict?.sentence ?? run.state.rawValue)"
            case .cancelled: "was stopped\(run.error.map { ": \($0)" } ?? "")"
            default: "failed\(run.error.map { ": \($0)" } ?? "")"
            }
        return "Run \(run.id)\(trained) \(outcome)".asSentence
    }

    private func advice(_ state: Headline.State, _ standing: Standing) -> String {
        switch state {
        case .noModel: return Self.noModel.advice
        case .fine: return "Nothing."
        case .watch:
            return
                "Nothing now. If you can, label a random sample of today's requests with `hone label`: that settles it "
                + "soonest."
        case .notEnoughLabels:
            let missing = facts.settings.minimumLabels - (standing.accuracy?.count ?? 0)
            return "Send or fetch \(counted(max(1, missing), "more label"))."
        case .retraining: return "Nothing; follow it with `hone status --watch`."
        case .degraded:
            if let cause, cause.cause == "dataFault" || cause.cause == "ownSwap" {
                return cause.remedy + (cause.cause == "ownSwap" ? " `hone rollback` does it." : "")
            }
            if !facts.isAutomatic {
                return "Retraining is switched off: start it with `hone retrain --wait`."
            }
            if let run = facts.runs.first, run.state == .refused, let more = run.verdict?.moreFreshLabels {
                return
                    "Send or fetch \(counted(more, "more label")): so many would probably let the gate decide."
            }
            if let run = facts.runs.first, run.state == .failed || run.state == .refused {
                return "Read why run \(run.id) \(run.state == .failed ? "failed" : "was refused"), below; "
                    + "until then `hone rollback` may help, or `hone retrain --wait` with more labels."
            }
            return "Nothing: Hone trains as soon as there are enough new labels. "
                + "To have it at once: `hone retrain --wait`."
        }
    }
}
