import Drift
import Foundation
import Honing

extension Story {
    /// The runs of the chapter with real verdicts of the real gate.
    func runs() throws -> [RunSummary] {
        switch chapter {
        case .movies, .alarm: return []
        case .training:
            return [try run(state: "running", finished: nil, verdict: nil)]
        case .refused:
            return [
                try run(state: "refused", finished: 213, verdict: Self.verdict(gains: 9, losses: 6, both: 85))
            ]
        case .recovered, .justPromoted:
            return [
                try run(
                    state: "promoted", finished: 214, verdict: Self.verdict(gains: 131, losses: 34, both: 286)
                )
            ]
        }
    }

    private func run(state: String, finished: Double?, verdict: PromotionVerdict?) throws -> RunSummary {
        let challenger = state == "promoted" ? "\"challengerVersion\": 2," : ""
        let end =
            finished.map { "\"finishedAt\": \"\(Self.minute($0).ISO8601Format())\"," }
            ?? "\"secondsLeft\": 95,"
        let judged = try verdict.map { "\"verdict\": \(try encoded($0))," } ?? ""
        let tried = verdict == nil ? "" : "\"rungs\": \(Self.rungs(endingIn: state)), \(Self.leftOut)"
        let step = finished == nil ? 120 : 400
        return try decoded(
            """
            {"id": 1, "state": "\(state)", "trigger": "accuracy", "requestedBy": "policy", "baseVersion": 1,
             "reason": "shiryaev-roberts finds the error above its promise, evidence 25,000, alarm at 20,000, after 950 labels",
             "queuedAt": "\(Self.minute(200).ISO8601Format())", "startedAt": "\(Self.minute(200).ISO8601Format())",
             \(challenger) \(end) \(judged) \(tried)
             "trainingRows": 4120, "step": \(step), "totalSteps": 400, "loss": 0.512, "developmentAccuracy": 0.803}
            """)
    }

    private static let leftOut = """
        "leftOut": [{"reason": "leak", "source": "tweets", "rows": 14}, {"reason": "slip", "source": "films", "rows": 3},
          {"reason": "slip", "source": "tweets", "rows": 9}],
        """

    private static func rungs(endingIn outcome: String) -> String {
        """
        [{"level": "head", "outcome": "hopeless", "rows": 4120, "cpuSeconds": 31, "seconds": 24,
          "sentence": "right on 70.1 % of 412 development rows; 81.4 % were promised"},
         {"level": "full", "outcome": "\(outcome)", "rows": 4120, "cpuSeconds": 372, "seconds": 190,
          "sentence": "the verdict of the gate"}]
        """
    }

    private static func verdict(gains: Int, losses: Int, both: Int) -> PromotionVerdict {
        let fresh = PairedOutcomes(bothRight: both, gains: gains, losses: losses, bothWrong: 61)
        let anchor = PairedOutcomes(bothRight: 786, gains: 24, losses: 28, bothWrong: 162)
        return PromotionPolicy().decide(
            TrialEvidence(
                purpose: .benefit, fresh: fresh, anchor: anchor, slices: [], calibration: nil,
                infrastructure: InfrastructureFacts(
                    loadError: nil, goldenRequests: 32, worstGoldenDifference: 2e-6, latencyRatio: 1.02)))
    }

    /// The versions of the chapter.
    func versions() throws -> [ModelSummary] {
        let first = """
            {"version": 1, "origin": "imported", "createdAt": "\(Self.start.ISO8601Format())", "isLive": \(!isSecondLive),
             "promotedAt": "\(Self.start.ISO8601Format())", "kind": "initial", "reason": "first model", "accuracy": 0.814,
             "judgedOn": 1000, "trainingRows": 8400, "labels": ["negative", "neutral", "positive"],
             "checksum": "9f2c41d7"}
            """
        let second = """
            {"version": 2, "parent": 1, "origin": "trained", "createdAt": "\(Self.minute(214).ISO8601Format())",
             "isLive": true, "promotedAt": "\(Self.minute(214).ISO8601Format())", "kind": "promoted", "reason": "run 1",
             "runID": 1, "accuracy": 0.82, "judgedOn": 512, "anchorAccuracy": 0.806, "trainingRows": 4120,
             "replayedRows": 2060, "level": "full", "cpuSeconds": 372, "seconds": 190, "labels": ["negative", "neutral", "positive"], "checksum": "1b77a0c3"}
            """
        return try decoded("[\(isSecondLive ? second + "," : "")\(first)]")
    }

    private var isSecondLive: Bool { chapter == .recovered || chapter == .justPromoted }
}
