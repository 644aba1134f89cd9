import Corpus
import Drift
import Foundation
import Store
import Transformers

/// A challenger and the champion on the same rows: measures, does not decide.
struct Trial: Sendable {
    let champion: LiveModel
    let challenger: LiveModel
    /// Rows that the challenger cannot have learned from and that look like today.
    let fresh: [StoredExample]
    /// The frozen hold-out of the first rows: what must not be forgotten.
    let anchor: [StoredExample]
    /// Terms that should make no difference, where there is a list.
    var terms: TermSwaps?

    /// What both models said, row by row.
    struct Outcome: Sendable {
        var fresh: Side
        var anchor: Side
        /// Whether answers stay when only a term changes.
        var terms: PairedOutcomes?

        /// One set of rows, seen by both.
        struct Side: Sendable {
            var rows: [StoredExample]
            var champion: [StoredOutcome]
            var challenger: [StoredOutcome]
            /// Whether answers are classes, right or wrong.
            var hasClasses: Bool
            /// The figure that the models are known by, where it is another than accuracy.
            var headline: HeadlineFacts?

            var paired: PairedOutcomes { paired(Array(rows.indices)) }

            /// Some of the rows.
            func paired(_ places: [Int]) -> PairedOutcomes {
                let (old, new) = (places.map { champion[$0] }, places.map { challenger[$0] })
                return hasClasses
                    ? PairedOutcomes(champion: old.map(\.isCorrect), challenger: new.map(\.isCorrect))
                    : PairedOutcomes(championLosses: old.map(\.loss), challengerLosses: new.map(\.loss))
            }
        }
    }

    /// Lets both models predict all rows, in the background lane, where clients overtake them.
    func run(on predictor: Predictor, at now: Date) async throws -> Outcome {
        func said(_ rows: [StoredExample], _ model: LiveModel) async throws -> [JudgedRow] {
            var said: [JudgedRow] = []
            for start in stride(from: 0, to: rows.count, by: 64) {
                let piece = Array(rows[start..<min(start + 64, rows.count)])
                said += try await predictor.judged(piece, with: model, at: now)
            }
            return said
        }
        func side(_ rows: [StoredExample]) async throws -> Outcome.Side {
            let (old, new) = (try await said(rows, champion), try await said(rows, challenger))
            var side = Outcome.Side(
                rows: rows, champion: old.map(\.outcome), challenger: new.map(\.outcome),
                hasClasses: champion.task.hasClasses)
            if !side.hasClasses, !rows.isEmpty {
                let (figure, examples) = (champion.task.headline, rows.map(\.example))
                side.headline = HeadlineFacts(
                    name: figure.name, isShare: figure.isShare,
                    champion: champion.served.headline(old.map(\.answer), examples),
                    challenger: challenger.served.headline(new.map(\.answer), examples))
            }
            return side
        }
        var outcome = Outcome(fresh: try await side(fresh), anchor: try await side(anchor))
        if let terms, champion.task.hasClasses {
            outcome.terms = PairedOutcomes()
            for side in [outcome.fresh, outcome.anchor] {
                let swapped = Self.swapped(side.rows, terms)
                let rows = swapped.map(\.row)
                let old = Self.stays(try await said(rows, champion), swapped.map(\.place), side.champion)
                let new = Self.stays(try await said(rows, challenger), swapped.map(\.place), side.challenger)
                for (old, new) in zip(old, new) { outcome.terms?.add(champion: old, challenger: new) }
            }
        }
        return outcome
    }

    /// Rows with a term swapped, and which of the rows each of them was.
    private static func swapped(
        _ rows: [StoredExample], _ terms: TermSwaps
    ) -> [(place: Int, row: StoredExample)] {
        rows.enumerated().flatMap { place, row in
            terms.variants(of: row.text, row.pair).map { swap in
                var row = row
                (row.text, row.pair) = (swap.text, swap.other)
                return (place, row)
            }
        }
    }

    /// Of each row that holds a term, whether the answer stays whichever is swapped.
    private static func stays(
        _ said: [JudgedRow], _ places: [Int], _ outcomes: [StoredOutcome]
    ) -> [Bool] {
        var stays: [Int: Bool] = [:]
        for (place, answer) in zip(places, said) {
            let isSame = answer.outcome.predictedLabel == outcomes[place].predictedLabel
            stays[place] = (stays[place] ?? true) && isSame
        }
        return stays.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension StoredOutcome {
    /// Whether the prediction counts as right: as more right than wrong, where it can be partly right.
    var isCorrect: Bool { loss < 0.5 }
}

extension Trial.Outcome {
    /// The facts that the gate judges by.
    func evidence(
        purpose: TrialPurpose, infrastructure: InfrastructureFacts, gateNumber: Int, force: ForcedPromotion?
    ) -> TrialEvidence {
        var evidence = TrialEvidence(
            purpose: purpose, fresh: fresh.paired, anchor: anchor.paired,
            slices: fresh.slices(of: "fresh", byClass: true) + anchor.slices(of: "anchor", byClass: false),
            calibration: fresh.calibration,
            infrastructure: infrastructure, gateNumber: gateNumber, force: force)
        (evidence.freshHeadline, evidence.anchorHeadline) = (fresh.headline, anchor.headline)
        evidence.terms = terms
        return evidence
    }

    /// What the challenger promises if it is promoted: its errors on rows that look like today.
    func reference(labels: [String]) -> Reference {
        Reference(
            zip(fresh.challenger, fresh.rows).map {
                Observation($0, at: $1.observedAt ?? $1.receivedAt, source: $1.source, apart: [])
            },
            labels: labels, source: "fresh")
    }
}

extension Trial.Outcome.Side {
    /// The rows by length, source and, if wished, class, so that a gain on average hides no loss of a part.
    func slices(of side: String, byClass: Bool) -> [SliceOutcomes] {
        let sources = parts { rows[$0].source }
        let lengths = parts { Self.length(champion[$0].tokens) }
        // A single part is the whole, which has rules of its own.
        return [
            lengths, sources.mapKeys { "source \($0)" }, byClass ? classes.mapKeys { "class \($0)" } : [:],
        ]
        .filter { $0.count > 1 }
        .flatMap { $0.sorted { $0.key < $1.key } }
        .map { SliceOutcomes(name: "\(side) \($0.key)", outcomes: $0.value) }
    }

    private func parts(_ name: (Int) -> String) -> [String: PairedOutcomes] {
        Dictionary(grouping: rows.indices, by: name).mapValues { paired($0) }
    }

    /// Each class against the rest, on the rows that are of it or that either model says are.
    ///
    /// Not on the rows of the class alone: their share of right answers is its recall, and a champion
    /// that names one class too often has a high one. Here whoever corrects that gains what is no more
    /// called so wrongly. See decisions 0011 and 0020. Of two classes either is the whole.
    private var classes: [String: PairedOutcomes] {
        let names = Set(champion.map(\.label)).union(champion.map(\.predictedLabel))
            .union(challenger.map(\.predictedLabel))
        guard hasClasses, names.count > 2 else { return [:] }
        var parts: [String: PairedOutcomes] = [:]
        for (old, new) in zip(champion, challenger) {
            for name in Set([old.label, old.predictedLabel, new.predictedLabel]) {
                let isOfClass = old.label == name
                parts[name, default: PairedOutcomes()].add(
                    champion: (old.predictedLabel == name) == isOfClass,
                    challenger: (new.predictedLabel == name) == isOfClass)
            }
        }
        return parts
    }

    private static func length(_ tokens: Int) -> String {
        switch tokens {
        case ...16: "up to 16 tokens"
        case ...32: "17 to 32 tokens"
        case ...64: "33 to 64 tokens"
        default: "over 64 tokens"
        }
    }

    /// Confidence of both models on these rows; `nil` without rows, and where it is not that of being right.
    var calibration: CalibrationFacts? {
        guard hasClasses else { return nil }
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

extension Dictionary {
    fileprivate func mapKeys<NewKey>(_ name: (Key) -> NewKey) -> [NewKey: Value] {
        Dictionary<NewKey, Value>(uniqueKeysWithValues: map { (name($0.key), $0.value) })
    }
}
