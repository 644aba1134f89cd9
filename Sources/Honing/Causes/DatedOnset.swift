package import Drift
package import Foundation

/// When a change began, on the calendar.
package struct DatedOnset: Sendable, Equatable {
    /// In rows.
    package var onset: Onset
    /// When the first row of the new law was observed, and the stretch in which that may lie.
    package var at: Date
    package var earliest: Date
    package var latest: Date
    /// The same moment by the clock of answers.
    package var answeredAt: Date
    /// The row at which the live version was put in place, where rows of the one before are among them.
    package var swapIndex: Int?

    /// Rows of the version before that are looked at, to see whether it began with the swap.
    private static let rowsBefore = 300
    /// Fewer rows have no date.
    private static let fewestRows = 50

    /// Dates the rise of the error of a version; nil where there is none to be seen.
    ///
    /// The newest rows of the version before are looked at too: where the best single jump begins among
    /// them or at the swap, and goes up, it was the swap. Otherwise the version's own rows are dated.
    package init?(_ rows: [ReportRow], version: Int) {
        guard let first = rows.firstIndex(where: { $0.version == version }) else { return nil }
        let own = rows[first...].filter { $0.version == version }
        let before = rows[..<first].suffix(Self.rowsBefore)
        if before.count >= Self.fewestRows,
            let swap = DatedOnset(Array(before) + own, swapIndex: before.count),
            swap.onset.range.lowerBound <= before.count
        {
            self = swap
            return
        }
        guard let ownOnset = DatedOnset(own, swapIndex: nil) else { return nil }
        self = ownOnset
    }

    private init?(_ rows: [ReportRow], swapIndex: Int?) {
        guard rows.count >= Self.fewestRows, let onset = mostLikelyOnset(of: rows.map { !$0.isCorrect }),
            let (before, after) = onset.errorBefore.flatMap({ before in
                onset.errorAfter.map { (before, $0) }
            }), after > before
        else { return nil }
        self.onset = onset
        self.swapIndex = swapIndex
        at = rows[onset.index].observedAt
        answeredAt = rows[onset.index].at
        earliest = min(at, rows[onset.range.lowerBound].observedAt)
        latest = max(at, rows[min(onset.range.upperBound, rows.count - 1)].observedAt)
    }
}
