import Drift
import Foundation

/// `hone status` for a terminal: one screen, the most important first.
public enum StatusText {
    public static func render(_ status: Status, colour: Bool) -> String {
        let page = StatusPage(status: status, ink: Ink(isOn: colour))
        return page.lines.joined(separator: "\n")
    }
}

private struct StatusPage {
    let status: Status
    let ink: Ink

    private static let lead = 11

    var lines: [String] {
        [verdict, head, ""] + accuracy + evidence + inputs + alarm + [""] + retraining + rollout + serving
            + sources + alerts + [storage]
    }

    /// A line that begins with its name.
    private func line(_ name: String, _ text: String, _ colour: (String) -> String = { $0 }) -> String {
        let wrapped = TextLayout.wrapped(text, lead: name.rightPadded(to: Self.lead), indent: Self.lead)
        return ink.bold(String(wrapped.prefix(Self.lead))) + colour(String(wrapped.dropFirst(Self.lead)))
    }

    private var verdict: String {
        let (state, sentence) = status.verdict
        let text = TextLayout.wrapped(sentence, lead: "\(state.sign) ", indent: 2)
        return ink.level(state.level, ink.isOn ? ink.bold(text) : text)
    }

    private var head: String {
        let daemon =
            switch status.daemon.state {
            case .running: "honed \(status.daemon.version), up " + span(status.daemon.uptimeSeconds ?? 0)
            case .stopping: "honed \(status.daemon.version), stopping"
            case .down: "honed is not running; read from its database"
            }
        let model = status.model.map {
            "\($0.name) version \($0.version), \($0.kind) \(moment($0.promotedAt)) UTC; "
        }
        return ink.dim(TextLayout.wrapped((model ?? "") + daemon, lead: "  ", indent: 2))
    }

    private var accuracy: [String] {
        let model = status.model.flatMap { $0.hasClasses ? nil : $0 }
        let name = model == nil ? "accuracy" : "score"
        guard let accuracy = status.accuracy, accuracy.count > 0 else {
            return [
                line(name, status.model == nil ? "–" : "no labelled rows since the promotion yet")
            ]
        }
        let promised = accuracy.baseline?.accuracy.map { ", \(percent($0)) when it was judged" } ?? ""
        let whole =
            (model.map { "\($0.rowScore) " } ?? "")
            + "\(percent(accuracy.estimate)) of \(counted(accuracy.count, "labelled row"))\(promised); "
            + "95 %: \(percent(accuracy.lower)) to \(percent(accuracy.upper))"
        guard let window = accuracy.window else { return [line(name, whole)] }
        let newest =
            "newest \(grouped(window.count)): \(percent(window.accuracy)) (\(percent(window.lower)) to \(percent(window.upper)))"
            + (window.macroF1.map { ", macro-F1 \(decimals($0, 3))" } ?? "")
            + (window.logLoss.map { ", log-loss \(decimals($0, 3))" } ?? "")
            + (window.calibrationError.map { ", ECE \(percent($0))" } ?? "")
        let isLow = accuracy.baseline.map { 1 - window.upper > $0.upper } ?? false
        return [line(name, whole), line("", newest, isLow ? ink.bad : { $0 })]
    }

    private var evidence: [String] {
        guard let evidence = status.evidence else { return [] }
        let bar = TextLayout.bar(evidence.share, width: 20)
        let days = evidence.days.map { ", one in \(span($0 * 86_400))" } ?? ""
        let figures =
            "\(magnitude(log10: evidence.logEvidence)), alarm at \(magnitude(log10: evidence.logThreshold))"
        return [
            ink.bold("evidence".rightPadded(to: Self.lead)) + ink.level(evidence.verdict, bar) + " "
                + figures,
            line(
                "", "a false alarm in \(counted(Int(evidence.averageRunLength), "label"))\(days) at most",
                ink.dim),
        ]
    }

    private var inputs: [String] {
        let moved = status.inputs.filter { $0.verdict != .stable }
        guard !status.inputs.isEmpty else { return [] }
        guard let worst = moved.map(\.verdict).max() else {
            return [line("inputs", "look as they did when it was judged")]
        }
        let parts = moved.map { "\($0.title) \($0.verdict.word) (PSI \(decimals($0.psi, 2)))" }
        return [line("inputs", parts.joined(separator: ", ")) { ink.level(worst, $0) }]
    }

    private var alarm: [String] {
        guard let alarm = status.alarm else { return [] }
        let began = alarm.changeBeganAt.map { "; the change began about \(moment($0))" } ?? ""
        return [line("alarm", "\(moment(alarm.at)) UTC: \(alarm.sentence)\(began)", ink.bad)]
    }

    private var retraining: [String] {
        var lines: [String] = []
        if let run = status.run {
            lines.append(line("run \(run.id)", run.reason))
            let bar = TextLayout.bar(run.progress, width: 20)
            let figures = TextLayout.wrapped(run.progressFigures, lead: "", indent: 0, width: 48)
            let indent = "\n" + String(repeating: " ", count: Self.lead + 21)
            lines.append(
                String(repeating: " ", count: Self.lead) + ink.accent(bar) + " "
                    + figures.replacing("\n", with: indent))
        } else {
            lines.append(line("decision", status.decision))
        }
        if let run = status.lastRun {
            lines.append(line("last run", run.endLine) { run.isPromoted ? ink.good($0) : $0 })
        }
        return lines
    }

    private var rollout: [String] {
        guard let rollout = status.rollout, rollout.outcome != "cancelled" else { return [] }
        let isHarm = rollout.outcome == "back" || rollout.outcome == "warned"
        return [line("roll-out", rollout.sentence) { isHarm ? ink.warning($0) : $0 }]
    }

    private var serving: [String] {
        let serving = status.serving
        let speed = [
            serving.predictionsPerSecond.map { "\(decimals($0, 1))/s" },
            serving.p50Milliseconds.map { "p50 \(decimals($0, 1)) ms" },
            serving.p99Milliseconds.map { "p99 \(decimals($0, 1)) ms" },
        ].compactMap { $0 }.joined(separator: ", ")
        let counts =
            "\(counted(serving.requests, "request")), \(grouped(serving.failed)) failed, "
            + "\(grouped(serving.rejected)) turned away"
        return [
            line("serving", counts + (speed.isEmpty ? "" : "; " + speed)) {
                serving.failed > 0 ? ink.warning($0) : $0
            }
        ]
    }

    private var sources: [String] {
        status.sources.enumerated().map { index, source in
            let last = source.lastSuccessAt.map { ", last \(moment($0))" } ?? ", never fetched"
            let rejected = source.rejected > 0 ? ", \(grouped(source.rejected)) unreadable" : ""
            let failing =
                source.failures > 0
                ? "; failed \(counted(source.failures, "time")): \(source.lastError ?? "no reason given")"
                : ""
            let text =
                "\(source.name): \(counted(source.rows, "row")), \(counted(source.duplicates, "duplicate"))"
                + rejected + last + failing
            return line(index == 0 ? "sources" : "", text) { source.failures > 0 ? ink.warning($0) : $0 }
        }
    }

    private var alerts: [String] {
        (status.alerts ?? []).enumerated().map { index, channel in
            line(index == 0 ? "alerts" : "", "\(channel.name): \(channel.sentence)") {
                channel.isFailing ? ink.warning($0) : $0
            }
        }
    }

    private var storage: String {
        let store = status.store
        return line(
            "store",
            "\(size(store.databaseBytes)); \(counted(store.examples, "example")), "
                + "\(counted(store.predictions, "prediction")), \(grouped(store.quarantined)) in quarantine")
    }
}

extension Status {
    /// Whether all is well, in one sentence.
    public var verdict: (state: Headline.State, sentence: String) {
        guard let model else {
            return (.noModel, "No model is live yet: import one with `hone import FOLDER`.")
        }
        let version = "Version \(model.version)"
        let isBroken = alarm != nil
        if let run {
            let why = isBroken ? "\(version) is worse than it promised" : "\(version) is live"
            return (
                .retraining,
                "\(why); run \(run.id) is \(run.state == .judging ? "being judged" : "training")."
            )
        }
        if isBroken { return (.degraded, "\(version) is worse than it promised.") }
        let count = accuracy?.count ?? 0
        let needed = accuracy?.needed ?? 1
        if count < needed {
            return (
                .notEnoughLabels,
                "Not enough labels yet to judge version \(model.version): \(grouped(count)) of \(grouped(needed))."
            )
        }
        if evidence?.verdict == .warning || inputs.contains(where: { $0.verdict == .drift }) {
            return (.watch, "\(version) still keeps what it promised, but the stream is moving.")
        }
        return (.fine, "\(version) keeps what it promised.")
    }

    /// One line for `systemctl status`.
    public var line: String {
        guard let model else { return "no model is live yet" }
        let right =
            accuracy.flatMap { $0.count > 0 ? $0 : nil }.map {
                " \(model.right(on: $0.window?.accuracy ?? $0.estimate)) of the newest labels,"
            }
            ?? ""
        let run = run.map { " run \($0.id) at \($0.step)/\($0.totalSteps)," } ?? ""
        return
            "version \(model.version):\(right)\(alarm == nil ? "" : " alarm,")\(run) \(grouped(serving.requests)) requests"
    }
}
