import Drift
import Foundation

/// Looks for the cause of a change among rows and tells it; a pure function of the facts.
package struct CauseSearch {
    private let facts: CauseFacts
    private let current: [TextRow]
    private let reference: [TextRow]
    private let domain: DomainClassifier?

    /// A row and its words, taken apart once.
    private struct TextRow {
        let row: CauseRow
        let words: [String]
        let vector: [Float]

        init(_ row: CauseRow) {
            self.row = row
            let hashed = HashedWords(row.text)
            words = hashed.words
            vector = hashed.vector
        }
    }

    /// Fewer rows have no cause: what they seem to show is chance.
    private static let fewestRows = 30
    /// What a terminal and a reader have room for.
    private static let (mostWords, mostPairs, mostExamples, mostCharacters) = (8, 3, 4, 160)

    /// Corrections and rows that were chosen because they are hard speak of themselves only: they are
    /// neither counted nor shown.
    package init(_ facts: CauseFacts) {
        self.facts = facts
        current = facts.current.filter(\.isRepresentative).map(TextRow.init)
        reference = facts.reference.filter(\.isRepresentative).map(TextRow.init)
        domain =
            min(current.count, reference.count) < Self.fewestRows
            ? nil
            : DomainClassifier(
                current: current.map(\.vector), reference: reference.map(\.vector), seed: 1)
    }

    /// The most plausible cause with everything that led to it; nil where nothing changed that needs
    /// one, or there are too few rows to say.
    package func report() -> CauseReport? {
        guard current.count >= Self.fewestRows, let found = CausePolicy().diagnose(evidence()) else {
            return nil
        }
        let words = terms()
        return CauseReport(
            cause: found.cause.rawValue, sentence: found.sentence, remedy: found.remedy,
            accuracyFell: found.accuracyFell, rows: current.count, referenceRows: reference.count,
            comparedWith: facts.referenceKind.rawValue,
            // A rise that is not beyond chance has no beginning.
            began: found.accuracyFell == true ? began() : nil,
            figures: found.figures.map {
                .init(name: $0.name, value: $0.value, reference: $0.reference, pValue: $0.pValue)
            },
            missing: found.missing, rising: words.rising, falling: words.falling, confused: confusions(),
            examples: examples(of: found.cause))
    }

    // MARK: The evidence

    private func evidence() -> CauseEvidence {
        var evidence = CauseEvidence(labels: facts.labels)
        evidence.mistakes = ShareChange(
            Self.mistakes(current.map(\.row)), of: current.count, before: facts.promisedErrors,
            of: facts.promisedCount)
        evidence.alarmStands = facts.alarmStands
        evidence.onset = facts.onset?.onset
        evidence.swapIndex = facts.onset?.swapIndex
        evidence.rejectedRows = ShareChange(
            facts.intake.now.rejected, of: facts.intake.now.rejected + facts.intake.now.accepted,
            before: facts.intake.before.rejected,
            of: facts.intake.before.rejected + facts.intake.before.accepted)
        evidence.unknownTokens = unknownTokens
        guard !reference.isEmpty else { return evidence }
        let same = min(current.count, reference.count)
        if facts.labels.count > 1 {
            (evidence.classCounts, evidence.referenceClassCounts) = (classes(current), classes(reference))
            (evidence.confusion, evidence.referenceConfusion) = (confusion(current), confusion(reference))
            // The error grows as rows become fewer: both sides get as many.
            evidence.calibrationError = calibration(current.suffix(same))
            evidence.referenceCalibrationError = calibration(reference.suffix(same))
        }
        evidence.duplicates = ShareChange(
            repeats(current.suffix(same)), of: same, before: repeats(reference.suffix(same)), of: same)
        evidence.foreignTexts = foreignTexts
        evidence.sameLengths = ShareChange(
            sameLengths(current.suffix(same)), of: same, before: sameLengths(reference.suffix(same)), of: same
        )
        if let domain {
            evidence.domain = .init(domain)
            let familiar = domain.familiar.map { current[$0].row }
            evidence.familiarMistakes = ShareChange(
                Self.mistakes(familiar), of: familiar.count, before: facts.promisedErrors,
                of: facts.promisedCount)
        }
        return evidence
    }

    /// How many rows are answered wrongly; as many as partly wrong answers are worth.
    private static func mistakes(_ rows: [CauseRow]) -> Int {
        Int(rows.reduce(0) { $0 + $1.loss }.rounded())
    }

    private func classes(_ rows: [TextRow]) -> [Int] {
        facts.labels.map { label in rows.count { $0.row.label == label } }
    }

    private func confusion(_ rows: some Collection<TextRow>) -> ConfusionMatrix {
        let indices = Dictionary(
            facts.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var matrix = ConfusionMatrix(classCount: max(1, facts.labels.count))
        for row in rows {
            guard let truth = indices[row.row.label], let prediction = indices[row.row.predicted] else {
                continue
            }
            matrix.add(truth: truth, prediction: prediction)
        }
        return matrix
    }

    private func calibration(_ rows: some Collection<TextRow>) -> Double? {
        expectedCalibrationError(
            confidences: rows.map(\.row.confidence), isCorrect: rows.map { !$0.row.isWrong })
    }

    /// Texts whose words stand in an earlier one, in the same order.
    private func repeats(_ rows: some Collection<TextRow>) -> Int {
        var seen: Set<[String]> = []
        return rows.count { !$0.words.isEmpty && !seen.insert($0.words).inserted }
    }

    /// Texts as long in characters as most are; of a text that came often the first counts, repeats have their own
    /// figure.
    private func sameLengths(_ rows: some Collection<TextRow>) -> Int {
        var seen: Set<[String]> = []
        let fresh = rows.filter { !$0.words.isEmpty && seen.insert($0.words).inserted }
        return Dictionary(grouping: fresh, by: \.row.text.count).map(\.value.count).max() ?? 0
    }

    private var unknownTokens: ShareChange? {
        func sums(_ rows: [TextRow]) -> (all: Int, unknown: Int) {
            (rows.reduce(0) { $0 + $1.row.tokens }, rows.reduce(0) { $0 + $1.row.unknownTokens })
        }
        let (now, before) = (sums(current), facts.referenceTokens ?? sums(reference))
        guard now.all > 0, before.all > 0, now.unknown <= now.all, before.unknown <= before.all else {
            return nil
        }
        return ShareChange(now.unknown, of: now.all, before: before.unknown, of: before.all)
    }

    /// Texts in another language than most of the reference; those without a guess are left out.
    private var foreignTexts: ShareChange? {
        let (now, before) = (
            current.compactMap { LanguageGuess.of($0.row.text) },
            reference.compactMap { LanguageGuess.of($0.row.text) }
        )
        let counts = Dictionary(grouping: before, by: \.self).mapValues(\.count)
        guard let home = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return nil }
        return ShareChange(
            now.count { $0 != home }, of: now.count, before: before.count { $0 != home }, of: before.count)
    }

    // MARK: What shows it

    private func began() -> CauseReport.Began? {
        guard let dated = facts.onset, let before = dated.onset.errorBefore,
            let since = dated.onset.errorAfter
        else { return nil }
        return .init(
            at: dated.at, earliest: dated.earliest, latest: dated.latest, errorBefore: before,
            errorSince: since)
    }

    private func terms() -> (rising: [CauseReport.Word], falling: [CauseReport.Word]) {
        func counts(_ rows: [TextRow]) -> TermCounts {
            var counts = TermCounts()
            for row in rows { counts.add(row.words) }
            return counts
        }
        let shifts = termShifts(of: counts(current), against: counts(reference), limit: Self.mostWords)
        func words(_ shifts: [TermShift]) -> [CauseReport.Word] {
            shifts.map {
                .init(
                    term: $0.term, count: $0.currentCount, countBefore: $0.referenceCount,
                    timesAsOften: $0.timesAsOften)
            }
        }
        return (words(shifts.rising), words(shifts.falling))
    }

    private func confusions() -> [CauseReport.Confusion] {
        guard !reference.isEmpty, facts.labels.count > 1 else { return [] }
        return confusedPairs(of: confusion(current), against: confusion(reference))
            .filter { $0.correctedPValue <= 0.05 }.prefix(Self.mostPairs).map {
                .init(
                    label: facts.labels[$0.truth], takenFor: facts.labels[$0.prediction],
                    share: $0.currentShare, shareBefore: $0.referenceShare, pValue: $0.correctedPValue)
            }
    }

    /// Rows that look newest; where familiar texts changed their labels, familiar ones that are wrong.
    private func examples(of cause: Cause) -> [CauseReport.Example] {
        let order: [Int]
        switch (cause, domain) {
        case (.conceptDrift, let domain?):
            order = domain.mostFamiliar(current.count).filter { current[$0].row.isWrong }
        case (_, let domain?):
            order = domain.mostTypical(current.count)
        case (_, nil):
            order = current.indices.reversed().filter { current[$0].row.isWrong }
        }
        // A text that came often shows nothing more the second time.
        var seen: Set<[String]> = []
        let shown = order.filter { seen.insert(current[$0].words).inserted }.prefix(Self.mostExamples)
        return shown.map {
            let row = current[$0].row
            let text = row.text.printable
            return .init(
                text: text.count > Self.mostCharacters ? text.prefix(Self.mostCharacters - 1) + "…" : text,
                label: row.label, predicted: row.predicted, confidence: row.confidence)
        }
    }
}
