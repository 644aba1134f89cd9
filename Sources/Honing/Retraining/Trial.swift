import Drift
import Foundation
import Store

/// A challenger and the champion on the same rows: measures, does not decide.
struct Trial: Sendable {
    let champion: LiveModel
    let challenger: LiveModel
    /// Rows that the challenger cannot have learned from and that look like today.
    let fresh: [StoredExample]
    /// The frozen hold-out of the first rows: what must not be forgotten.
    let anchor: [StoredExample]

    /// What both models said, row by row.
    struct Outcome: Sendable {
        var fresh: Side
        var anchor: Side

        /// One set of rows, seen by both.
        struct Side: Sendable {
            var rows: [StoredExample]
            var champion: [StoredOutcome]
            var challenger: [StoredOutcome]

            var paired: PairedOutcomes {
                PairedOutcomes(champion: champion.map(\.isCorrect), challenger: challenger.map(\.isCorrect))
            }
        }
    }

    /// Lets both models predict all rows, in the background lane, where clients overtake them.
    func run(on predictor: Predictor, at now: Date) async throws -> Outcome {
        func side(_ rows: [StoredExample]) async throws -> Outcome.Side {
            var side = Outcome.Side(rows: rows, champion: [], challenger: [])
            for start in stride(from: 0, to: rows.count, by: 64) {
                let piece = Array(rows[start..<min(start + 64, rows.count)])
                side.champion += try await predictor.outcomes(of: piece, with: champion, at: now)
                side.challenger += try await predictor.outcomes(of: piece, with: challenger, at: now)
            }
            return side
        }
        return Outcome(fresh: try await side(fresh), anchor: try await side(anchor))
    }
}

extension StoredOutcome {
    /// Whether the prediction counts as right.
    var isCorrect: Bool { loss < 0.5 }
}

extension Trial.Outcome {
    /// The facts that the gate judges by.
    func evidence(
        purpose: TrialPurpose, infrastructure: InfrastructureFacts, gateNumber: Int, force: ForcedPromotion?
    ) -> TrialEvidence {
        TrialEvidence(
            purpose: purpose, fresh: fresh.paired, anchor: anchor.paired,
            slices: fresh.slices(of: "fresh") + anchor.slices(of: "anchor"), calibration: fresh.calibration,
            infrastructure: infrastructure, gateNumber: gateNumber, force: force)
    }

    /// What the challenger promises if it is promoted: its errors on rows that look like today.
    func reference(labels: [String]) -> Reference {
        Reference(
            zip(fresh.challenger, fresh.rows).map { Observation($0, at: $1.observedAt ?? $1.receivedAt) },
            labels: labels, source: "fresh")
    }
}

extension Trial.Outcome.Side {
    /// The rows by length, so that a gain on average hides no loss of a part.
    ///
    /// Not by class: the share of right answers among the rows of one true class is that class's
    /// recall, and a champion that answers with one class too often has a high one there. Whoever
    /// corrects that loses it, rightly. See decision 0011.
    func slices(of side: String) -> [SliceOutcomes] {
        var parts: [String: PairedOutcomes] = [:]
        for index in rows.indices {
            parts["\(side) \(Self.length(champion[index].tokens))", default: PairedOutcomes()].add(
                champion: champion[index].isCorrect, challenger: challenger[index].isCorrect)
        }
        return parts.sorted { $0.key < $1.key }.map { SliceOutcomes(name: $0.key, outcomes: $0.value) }
    }

    private static func length(_ tokens: Int) -> String {
        switch tokens {
        case ...16: "up to 16 tokens"
        case ...32: "17 to 32 tokens"
        case ...64: "33 to 64 tokens"
        default: "over 64 tokens"
        }
    }

    /// Confidence of both models on these rows; `nil` without rows.
    var calibration: CalibrationFacts? {
        func error(_ outcomes: [StoredOutcome]) -> Double? {
            expectedCalibrationError(
                confidences: outcomes.map(\.confidence), isCorrect: outcomes.map(\.isCorrect))
        }
        guard let before = error(champion), let after = error(challenger) else { return nil }
        let differences = zip(challenger, champion).map { $0.lossInNats - $1.lossInNats }
        return CalibrationFacts(
            championError: before, challengerError: after,
            logLossDifference: pairedBootstrap(differences, confidence: 0.95, seed: 1))
    }
}
