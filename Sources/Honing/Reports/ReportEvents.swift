import Drift
import Foundation

/// What happened, from the rows that detectors, promotions and runs left behind.
struct ReportEvents {
    private let facts: ReportFacts

    init(_ facts: ReportFacts) {
        self.facts = facts
    }

    /// Oldest first; causes before effects where they share a moment.
    var sorted: [ReportEvent] {
        let order: [ReportEvent.Kind] = [
            .change, .warning, .alarm, .retrain, .refusal, .failure, .promotion, .rollback,
        ]
        return (detections + runs + promotions)
            .filter { $0.at >= facts.since && $0.at <= facts.until }
            .sorted { ($0.at, order.firstIndex(of: $0.kind)!) < ($1.at, order.firstIndex(of: $1.kind)!) }
    }

    private var measure: String { facts.standing?.model.rowScore ?? "accuracy" }

    private var detections: [ReportEvent] {
        facts.detections.flatMap { detection -> [ReportEvent] in
            guard detection.isAboutPromise else {
                return [
                    ReportEvent(
                        at: detection.at, kind: .warning, title: "stream moved",
                        detail: "\(detection.detector) cut the stream: the error went from "
                            + "\(percent(detection.threshold)) to \(percent(detection.evidence))"
                            + (detection.changeBeganAt.map { ", since about \(moment($0))" } ?? ""),
                        version: detection.version)
                ]
            }
            let evidence =
                "evidence \(magnitude(log10: detection.evidence)), alarm at \(magnitude(log10: detection.threshold))"
            guard detection.verdict == .drift else {
                return [
                    ReportEvent(
                        at: detection.at, kind: .warning, title: "warning",
                        detail: "\(measure) of version \(detection.version) may be falling: \(evidence)",
                        version: detection.version)
                ]
            }
            let alarm = ReportEvent(
                at: detection.at, kind: .alarm, title: "alarm",
                detail: "\(measure) fell below what version \(detection.version) promised: \(evidence)",
                version: detection.version)
            guard let began = detection.changeBeganAt else { return [alarm] }
            let change = ReportEvent(
                at: answered(began, by: detection.version), kind: .change, title: "change",
                detail: "from here on the rows are different, as the alarm tells afterwards",
                version: detection.version)
            return [change, alarm]
        }
    }

    /// When the first row that was observed at a moment or later was answered: its place on the axis.
    private func answered(_ moment: Date, by version: Int) -> Date {
        facts.rows.first { $0.version == version && $0.observedAt >= moment }?.at ?? moment
    }

    private var runs: [ReportEvent] {
        facts.runs.flatMap { run -> [ReportEvent] in
            let start = run.startedAt.map {
                ReportEvent(
                    at: $0, kind: .retrain, title: "run \(run.id)",
                    detail: "run \(run.id) began: \(run.reason)")
            }
            let end = run.finishedAt.flatMap { at -> ReportEvent? in
                switch run.state {
                case .refused:
                    ReportEvent(
                        at: at, kind: .refusal, title: "refused",
                        detail: "run \(run.id): \(run.verdict?.sentence ?? "the gate refused the challenger")"
                    )
                case .failed, .cancelled:
                    ReportEvent(
                        at: at, kind: .failure, title: "run \(run.state == .failed ? "failed" : "stopped")",
                        detail: "run \(run.id) \(run.state.rawValue)\(run.error.map { ": \($0)" } ?? "")")
                default: nil
                }
            }
            return [start, end].compactMap { $0 }
        }
    }

    private var promotions: [ReportEvent] {
        facts.promotions.map { promotion in
            let from = promotion.previousVersion.map { " instead of version \($0)" } ?? ""
            let isRollback = promotion.kind == "rollback"
            // The gate's sentence begins with the word.
            let kind = promotion.reason.hasPrefix(promotion.kind) ? "" : " (\(promotion.kind))"
            return ReportEvent(
                at: promotion.at, kind: isRollback ? .rollback : .promotion,
                title: isRollback ? "back to \(promotion.version)" : "version \(promotion.version)",
                detail: "version \(promotion.version) became live\(from)\(kind): \(promotion.reason)",
                version: promotion.version)
        }
    }
}

extension ReportDetection {
    /// Whether it measures against the version's promise, or only against the stream's own past.
    var isAboutPromise: Bool { detector != ADWIN.name }
}
