public import Foundation

/// What the daemon is and does at one moment: `hone status`, the dashboard, the metrics.
///
/// The JSON is an interface: keys are added, never renamed; `schema` grows when a meaning changes.
/// Shares are in [0, 1], times are ISO 8601 in UTC, what is not known is left out.
public struct Status: Codable, Sendable, Equatable {
    public var schema = 1
    public var at: Date
    public var daemon: Daemon
    /// Absent until a first version is promoted.
    public var model: Model?
    /// Absent until a first labelled row was scored by the live version.
    public var accuracy: Accuracy?
    public var evidence: Evidence?
    public var inputs: [InputShift] = []
    /// The alarm that the live version raised.
    public var alarm: Alarm?
    /// The run under way.
    public var run: RunSummary?
    /// The newest run that ended.
    public var lastRun: RunSummary?
    /// The comparison of two versions under way, or the last one that ended.
    public var rollout: Rollout?
    /// Why nothing is trained now, or what is: "waiting: 37 of 200 new labels".
    public var decision: String
    public var serving: Serving
    public var sources: [SourceStatus] = []
    public var store: Storage
    /// Who is told of alarms and the like; absent where nobody is.
    public var alerts: [AlertChannel]?

    public struct Daemon: Codable, Sendable, Equatable {
        public enum State: String, Codable, Sendable {
            case running, stopping
            /// The status was read from the database; no daemon answers.
            case down
        }

        public var version: String
        public var state: State
        public var pid: Int32?
        public var startedAt: Date?
        public var uptimeSeconds: Double?
    }

    /// The live version.
    public struct Model: Codable, Sendable, Equatable {
        public var name: String
        public var version: Int
        public var labels: [String]
        public var promotedAt: Date
        /// SHA-256 of the weights.
        public var checksum: String
        public var parent: Int?
        /// How it became live: `initial`, `promoted`, `forced`, `rollback`.
        public var kind: String
        /// What it was trained for, in Hugging Face's words; absent where an older daemon answers.
        public var task: String?
    }

    /// How right the live version was on labelled rows since its promotion: how often, of classes, and 1 − its
    /// mean loss where answers can be partly right.
    public struct Accuracy: Codable, Sendable, Equatable {
        public var estimate: Double
        /// The anytime-valid 95 % interval: it may be looked at as often as one likes.
        public var lower: Double
        public var upper: Double
        public var count: Int
        /// The labels without which nothing is said.
        public var needed: Int?
        public var since: Date
        public var baseline: Baseline?
        public var window: Window?

        /// What the version promised when it was judged.
        public struct Baseline: Codable, Sendable, Equatable {
            public var errors: Int
            public var count: Int
            /// The error from which on it counts as broken, tolerance included.
            public var upper: Double

            /// The accuracy on the rows that judged it.
            public var accuracy: Double? { count == 0 ? nil : 1 - Double(errors) / Double(count) }
        }

        /// The newest rows.
        public struct Window: Codable, Sendable, Equatable {
            public var count: Int
            public var accuracy: Double
            /// Wilson's 95 % interval.
            public var lower: Double
            public var upper: Double
            public var macroF1: Double?
            /// In nats.
            public var logLoss: Double?
            /// Expected calibration error over 15 bins.
            public var calibrationError: Double?
        }
    }

    /// How strongly the labelled rows speak against the promise.
    public struct Evidence: Codable, Sendable, Equatable {
        public var detector: String
        /// Both as log10.
        public var logEvidence: Double
        public var logThreshold: Double
        /// The labels between two false alarms, on average, that the threshold promises …
        public var averageRunLength: Double
        /// … and how many days these are at the observed rate of labels.
        public var days: Double?
        public var verdict: Level

        /// How far the evidence went towards an alarm, in [0, 1].
        public var share: Double {
            logThreshold > 0 ? min(1, max(0, logEvidence / logThreshold)) : 0
        }
    }

    public struct Alarm: Codable, Sendable, Equatable {
        public var at: Date
        public var changeBeganAt: Date?
        public var sentence: String
    }

    /// A version that takes over from another, or took over and is watched.
    public struct Rollout: Codable, Sendable, Equatable {
        /// `shadow`, `canary`, `probation`.
        public var stage: String
        public var version: Int
        public var against: Int
        /// Of requests, while a canary answers them.
        public var share: Double?
        public var startedAt: Date
        public var endedAt: Date?
        /// `passed`, `back`, `warned`, `cancelled`; absent while it goes on.
        public var outcome: String?
        /// Labelled rows that both versions answered, and the rise in accuracy on them.
        public var labels: Int
        public var difference: Double
        /// That the new version does harm; as log10, and where it would go back.
        public var logEvidence: Double
        public var logThreshold: Double
        /// Requests that both versions answered, and how many differently.
        public var requests: Int
        public var disagreements: Int
        public var sentence: String
    }

    /// What clients saw since the daemon started.
    public struct Serving: Codable, Sendable, Equatable {
        public var requests = 0
        /// Errors of ours.
        public var failed = 0
        /// Turned away because the queue was full or moved too slowly.
        public var rejected = 0
        public var predictions = 0
        /// Over the last minute.
        public var predictionsPerSecond: Double?
        public var p50Milliseconds: Double?
        public var p99Milliseconds: Double?
        public var queueDepth = 0
    }

    public struct SourceStatus: Codable, Sendable, Equatable {
        public var name: String
        public var rows = 0
        public var duplicates = 0
        public var rejected = 0
        public var lastSuccessAt: Date?
        public var lastError: String?
        /// In a row.
        public var failures = 0
    }

    /// How the messages for one webhook or command fare.
    public struct AlertChannel: Codable, Sendable, Equatable {
        public var name: String
        public var waiting = 0
        /// Within the last 90 days, like those that were given up.
        public var delivered = 0
        public var abandoned = 0
        public var lastDeliveredAt: Date?
        /// Of the oldest one that waits.
        public var lastError: String?
        public var nextAttemptAt: Date?
    }

    public struct Storage: Codable, Sendable, Equatable {
        public var databaseBytes = 0
        public var examples = 0
        public var predictions = 0
        public var quarantined = 0
    }
}

/// How serious a reading is.
public enum Level: String, Codable, Sendable, Comparable {
    case stable, warning, drift

    public static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .stable: 0
        case .warning: 1
        case .drift: 2
        }
    }
}
