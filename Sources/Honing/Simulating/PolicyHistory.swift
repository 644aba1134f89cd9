package import Foundation

/// What happened in a daemon's life, as far as another policy would have met the same: the labelled rows, the
/// versions and what runs gave. Plain facts; `Simulator` reads them out of the store.
package struct PolicyHistory: Sendable {
    /// A labelled row that the live version answered.
    package struct Row: Sendable, Equatable {
        package var exampleID: Int64
        package var receivedAt: Date
        package var scoredAt: Date
        /// The version that was live.
        package var version: Int
        package var loss: Double
        /// Whether the row may speak for all.
        package var isRepresentative: Bool

        package init(
            exampleID: Int64, receivedAt: Date, scoredAt: Date, version: Int, loss: Double,
            isRepresentative: Bool = true
        ) {
            self.exampleID = exampleID
            self.receivedAt = receivedAt
            self.scoredAt = scoredAt
            self.version = version
            self.loss = loss
            self.isRepresentative = isRepresentative
        }
    }

    /// A run that ended.
    package struct Run: Sendable, Equatable {
        package var id: Int64
        /// The version that it started from.
        package var base: Int
        /// Whether a policy started it, and not a person.
        package var isAutomatic: Bool
        /// Why it started, as a clause.
        package var reason: String
        package var queuedAt: Date
        package var endedAt: Date
        /// `promoted`, `refused` or `failed`.
        package var state: String
        /// The version that it became, and when that was live.
        package var takeover: Takeover?
        /// Processor time of its trainers, in seconds.
        package var cpuSeconds: Double

        package init(
            id: Int64, base: Int, isAutomatic: Bool, reason: String, queuedAt: Date, endedAt: Date,
            state: String, takeover: Takeover? = nil, cpuSeconds: Double
        ) {
            self.id = id
            self.base = base
            self.isAutomatic = isAutomatic
            self.reason = reason
            self.queuedAt = queuedAt
            self.endedAt = endedAt
            self.state = state
            self.takeover = takeover
            self.cpuSeconds = cpuSeconds
        }

        /// From its start until the next may start: until its version is live, where it gave one.
        package var freeAt: Date { max(endedAt, takeover?.at ?? endedAt) }
    }

    /// A version became live.
    package struct Takeover: Sendable, Equatable {
        package var at: Date
        package var version: Int
        package var previous: Int?
        /// As in the table `promotion`.
        package var kind: String
        package var runID: Int64?

        package init(at: Date, version: Int, previous: Int? = nil, kind: String, runID: Int64? = nil) {
            self.at = at
            self.version = version
            self.previous = previous
            self.kind = kind
            self.runID = runID
        }
    }

    /// In the order in which they were scored; those of one moment were scored together.
    package var rows: [Row]
    /// What each version promised.
    package var references: [Int: Reference]
    /// In the order of their start.
    package var runs: [Run]
    /// All there were, the first to the last.
    package var takeovers: [Takeover]
    /// What a version lost on rows that it answered unseen beside the live one, by row.
    package var unseen: [Int: [Int64: Double]]
    /// Versions that were taken back because they did harm.
    package var takenBack: Set<Int>
    /// When the alarm was raised on accuracy.
    package var alarms: [Date]

    package init(
        rows: [Row], references: [Int: Reference], runs: [Run], takeovers: [Takeover],
        unseen: [Int: [Int64: Double]] = [:], takenBack: Set<Int> = [], alarms: [Date] = []
    ) {
        self.rows = rows
        self.references = references
        self.runs = runs
        self.takeovers = takeovers
        self.unseen = unseen
        self.takenBack = takenBack
        self.alarms = alarms
    }

    /// The takeover that was in force at a moment.
    func live(at moment: Date) -> Takeover? { takeovers.last { $0.at <= moment } }

    /// Whether a takeover came of a run that a policy started: what another policy would have met otherwise.
    func isOfPolicy(_ takeover: Takeover) -> Bool {
        takeover.kind == "promoted" && runs.contains { $0.id == takeover.runID && $0.isAutomatic }
    }

    /// How many rows came in a day before a moment, as `Database.labelsPerDay` counts them.
    func labelsPerDay(at moment: Date) -> Double {
        let recent = rows.lazy.map(\.receivedAt).filter {
            $0 >= moment.addingTimeInterval(-7 * 86_400) && $0 < moment
        }
        guard let first = recent.min() else { return 0 }
        return Double(recent.count) / max(1, moment.timeIntervalSince(first) / 86_400)
    }

    /// The recorded run that a run from this version at this moment is taken to end as: the first that started
    /// from it since, or the last one before.
    func likely(from base: Int, at moment: Date) -> Run? {
        let all = runs.filter { $0.base == base }
        let automatic = all.filter(\.isAutomatic)
        let candidates = automatic.isEmpty ? all : automatic
        return candidates.first { $0.queuedAt >= moment } ?? candidates.last
    }

    /// What a run costs and how long it takes where none started from the same version: the median of all.
    var usualRun: (seconds: Double, cpuSeconds: Double) {
        (runs.map { $0.freeAt.timeIntervalSince($0.queuedAt) }.median, runs.map(\.cpuSeconds).median)
    }
}
