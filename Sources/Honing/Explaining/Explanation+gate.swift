import Drift
import Foundation
package import Store

extension Explanation {
    /// Lets the policy that judged a trial judge it again.
    package init(_ gate: Gate) {
        let stored = try? JSONDecoder().decode(PromotionVerdict.self, from: Data(gate.verdict.utf8))
        let subject =
            gate.runID.map { "Run \($0)" } ?? gate.version.map { "Version \($0)" } ?? "A challenger"
        self.init(
            id: "gate/\(gate.id ?? 0)", at: gate.at,
            sentence: "\(subject) against version \(gate.champion): "
                + (stored?.sentence ?? "a verdict that cannot be read"),
            inputs: [], figures: [], isSame: nil,
            outcome: "This verdict does not hold what it was reached from: an older Hone wrote it.")
        guard let stored, let trial = stored.trial, let policy = stored.policy else { return }
        let replayed = policy.decide(trial)
        inputs = Self.inputs(trial, policy)
        figures = Self.figures(stored, replayed)
        let isSame = replayed == stored
        self.isSame = isSame
        if isSame {
            outcome =
                "Judged again from the stored figures of the trial: the same verdict, number for number."
        } else if replayed.sentence == stored.sentence {
            outcome =
                "Judged again from the stored figures of the trial, the figures marked above come out otherwise: "
                + "the rules changed between the versions of Hone."
        } else {
            outcome =
                "Judged again from the stored figures of the trial it would be: \(replayed.sentence.asSentence)"
        }
    }

    private static func inputs(_ trial: TrialEvidence, _ policy: PromotionPolicy) -> [String] {
        func told(_ name: String, _ rows: PairedOutcomes) -> String {
            "\(name): \(counted(rows.count, "row")), champion \(percent(rows.championAccuracy)), challenger "
                + "\(percent(rows.challengerAccuracy)), \(grouped(rows.gains)) gained, "
                + "\(grouped(rows.losses)) lost."
        }
        return [
            told("Fresh", trial.fresh), told("Anchor", trial.anchor),
            "Trial \(trial.gateNumber) against this anchor, with \(counted(trial.slices.count, "slice")), as a "
                + "\(trial.purpose.rawValue).",
            "Policy: significance \(percent(policy.alpha)), anchor margin \(percent(policy.anchorMargin)), "
                + "at least \(policy.minimumFreshRows) fresh and \(policy.minimumAnchorRows) anchor rows.",
        ]
    }

    private static func figures(_ stored: PromotionVerdict, _ replayed: PromotionVerdict) -> [Figure] {
        stored.checks.enumerated().flatMap { index, check in
            let other = replayed.checks.indices.contains(index) ? replayed.checks[index] : nil
            let names = Set(check.figures.keys).union(other.map { Array($0.figures.keys) } ?? [])
            return names.sorted().map {
                Figure("\(check.name) \($0)", check.figures[$0], other?.figures[$0])
            }
        }
    }
}
