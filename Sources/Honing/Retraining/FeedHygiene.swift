import Corpus
import Drift
package import Store

/// Keeps rows out of learning that would spoil it: labels in doubt, what judges in another guise,
/// repetitions, floods. Rows that judge are never touched.
package struct FeedHygiene: Sendable {
    package struct Settings: Sendable, Equatable {
        /// Jaccard's index from which on two texts are nearly the same; `nil` lets all through.
        package var nearDuplicates: Double?
        /// The confidence from which on a version's word is weighed against a label; `nil` never.
        package var labelDoubt: Double?
        /// The share of new rows that a source may give beside others; `nil` for any.
        package var sourceShare: Double?

        package init(
            nearDuplicates: Double? = 0.8, labelDoubt: Double? = 0.95, sourceShare: Double? = 0.5
        ) {
            self.nearDuplicates = nearDuplicates
            self.labelDoubt = labelDoubt
            self.sourceShare = sourceShare
        }
    }

    let settings: Settings
    /// What was left out, in the order in which it was decided.
    package private(set) var leftOut: [(row: StoredExample, reason: LeftOut.Reason)] = []
    /// Texts that are learned from or choose, for those that come later.
    private(set) var learned: NearDuplicates

    package init(_ settings: Settings = Settings()) {
        self.settings = settings
        learned = NearDuplicates(threshold: settings.nearDuplicates ?? 1)
    }

    /// Rows of a run, before the change and since, in the order of arrival.
    package struct Rows: Sendable, Equatable {
        package var new: [StoredExample]
        package var old: [StoredExample]

        package init(new: [StoredExample], old: [StoredExample]) {
            self.new = new
            self.old = old
        }
    }

    // MARK: Labels in doubt

    /// - Parameter answers: what versions were sure of about these rows.
    package mutating func withoutDoubtful(_ rows: Rows, _ answers: [ConfidentAnswer]) -> Rows {
        guard let confidence = settings.labelDoubt else { return rows }
        var doubt = LabelDoubt()
        doubt.confidence = confidence
        let said = Dictionary(answers.map { ($0.exampleID, $0.predictedLabel) }, uniquingKeysWith: { $1 })
        func findings(_ rows: [StoredExample]) -> [String: LabelDoubt.Finding] {
            var tallies: [String: LabelDoubt.Tally] = [:]
            for row in rows {
                let answer = said[row.id]
                tallies[row.source, default: .init()].rows += 1
                tallies[row.source]?.confident += answer == nil ? 0 : 1
                tallies[row.source]?.contradicted += answer.map { $0 == row.label ? 0 : 1 } ?? 0
            }
            return doubt.weigh(tallies)
        }
        func kept(_ rows: [StoredExample]) -> [StoredExample] {
            let weighed = findings(rows)
            return rows.filter { row in
                guard let answer = said[row.id], answer != row.label else { return true }
                switch weighed[row.source] {
                case .slips: leftOut.append((row, .slip))
                case .liar: leftOut.append((row, .liar))
                case .lessons, nil: return true
                }
                return false
            }
        }
        // Before the change the model was at home: its confidence is weighed on each side by itself.
        return Rows(new: kept(rows.new), old: kept(rows.old))
    }

    // MARK: Nearly the same

    /// - Parameter judges: rows of the hold-out and of the anchor.
    package mutating func withoutNearDuplicates(_ rows: Rows, of judges: [StoredExample]) async -> Rows {
        guard let threshold = settings.nearDuplicates else { return rows }
        var judging = NearDuplicates(threshold: threshold)
        for (place, row) in judges.enumerated() {
            await Self.breathe(place)
            judging.insert(row.fingerprint)
        }
        var dropped: Set<Int64> = []
        // What chooses comes before what is learned, and of two that are nearly the same the newer stays.
        let newestFirst = (rows.old + rows.new).reversed()
        let order =
            newestFirst.filter { $0.split == .development } + newestFirst.filter { $0.split != .development }
        let isNew = Set(rows.new.map(\.id))
        // How many of the remembered texts, the first, choose only.
        var choosing = 0
        for (place, row) in order.enumerated() {
            await Self.breathe(place)
            let fingerprint = row.fingerprint
            let isChoosing = row.split == .development
            var reason: LeftOut.Reason?
            if judging.match(fingerprint) != nil {
                reason = .leak
            } else if let match = learned.match(fingerprint) {
                reason = !isChoosing && match.number < choosing ? .leak : .nearDuplicate
            }
            if let reason {
                leftOut.append((row, reason))
                dropped.insert(row.id)
            } else if isChoosing || isNew.contains(row.id) {
                learned.insert(fingerprint)
                if isChoosing { choosing = learned.count }
            }
        }
        return Rows(
            new: rows.new.filter { !dropped.contains($0.id) },
            old: rows.old.filter { !dropped.contains($0.id) })
    }

    /// Rows that came after learning began and may judge: not those that are nearly what was learned.
    package func unlearned(_ rows: [StoredExample], after cut: Int64) -> [StoredExample] {
        guard settings.nearDuplicates != nil else { return rows }
        return rows.filter { $0.id <= cut || learned.match($0.fingerprint) == nil }
    }

    /// Lets others have their turn now and then: thousands of texts take a second.
    private static func breathe(_ place: Int) async {
        if place % 128 == 127 { await Task.yield() }
    }

    // MARK: Floods

    /// The newest rows of each source, as many as are its share.
    package mutating func withoutFloods(_ rows: Rows) -> Rows {
        guard let share = settings.sourceShare else { return rows }
        var influence = SourceInfluence()
        influence.share = share
        let learned = rows.new.filter { $0.split == .train }
        // Rows that came with a model came from nowhere that rows come from now.
        var left = influence.limits(
            now: learned.countsOfSources,
            before: rows.old.filter { $0.scoring == .scored }.countsOfSources)
        guard !left.isEmpty else { return rows }
        var kept: [StoredExample] = []
        for row in rows.new.reversed() {
            guard row.split == .train, let room = left[row.source] else {
                kept.append(row)
                continue
            }
            left[row.source] = max(0, room - 1)
            if room > 0 { kept.append(row) } else { leftOut.append((row, .flood)) }
        }
        return Rows(new: kept.reversed(), old: rows.old)
    }

    // MARK: What is told of it

    /// What was left out, counted by reason and source.
    package func counts(ofRun id: Int64) -> [LeftOut] {
        LeftOut.Reason.allCases.flatMap { reason in
            let sources = leftOut.filter { $0.reason == reason }.map { $0.row }.countsOfSources
            return sources.sorted { $0.key < $1.key }.map {
                LeftOut(runID: id, reason: reason, source: $0.key, rows: $0.value)
            }
        }
    }

    /// The rows whose labels are in doubt, each with what speaks against it.
    package func doubtful(_ answers: [ConfidentAnswer]) -> [(row: StoredExample, reason: String)] {
        let said = Dictionary(answers.map { ($0.exampleID, $0) }, uniquingKeysWith: { $1 })
        return leftOut.compactMap { row, reason -> (row: StoredExample, reason: String)? in
            guard reason == .slip || reason == .liar, let answer = said[row.id] else { return nil }
            let others = reason == .liar ? ", and the rows of other sources bear it out" : ""
            return (
                row,
                "the label \"\(row.label)\" is in doubt: version \(answer.modelVersion) is sure of "
                    + "\"\(answer.predictedLabel)\", by \(percent(answer.confidence))\(others)"
            )
        }
    }
}

extension [StoredExample] {
    fileprivate var countsOfSources: [String: Int] {
        reduce(into: [:]) { $0[$1.source, default: 0] += 1 }
    }
}

extension StoredExample {
    /// Questions about one text are alike only where they are themselves: the text counts no more than the few
    /// digits that tell it from another.
    fileprivate var fingerprint: NearDuplicates.Fingerprint {
        guard target.task == .questionAnswering else { return .init(of: text, pair: pair) }
        return .init(
            of: text, pair: pair.map { String(ContentHash(of: Example(text: $0)).hex.prefix(16)) })
    }
}
