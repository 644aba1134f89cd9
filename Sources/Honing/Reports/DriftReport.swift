public import Foundation

/// The drift report of a stretch of time: is it fine, how sure is that, since when, why, what did
/// Hone do about it and what should a person do.
///
/// The JSON is an interface like that of `Status`.
public struct DriftReport: Codable, Sendable, Equatable {
    public var schema = 1
    public var generatedAt: Date
    /// The stretch of time that the report is about.
    public var since: Date
    public var until: Date
    public var modelName: String
    /// The live version, if there is one.
    public var version: Int?
    public var headline: Headline
    /// The live version since its promotion.
    public var accuracy: Status.Accuracy?
    public var evidence: Status.Evidence?
    /// The rows that speak of the present: the newest ones, after an alarm those since the change.
    public var present: Status.Accuracy.Window?
    /// Whether `present` begins at a change.
    public var isSinceChange = false
    /// What 1 − the mean loss of rows is called where answers can be partly right; absent where it is the accuracy.
    public var measure: String?
    /// Accuracy window by window over the whole stretch, oldest first.
    public var series: [SeriesPoint] = []
    /// What happened, oldest first.
    public var events: [ReportEvent] = []
    /// How each class is recognised in the current window.
    public var classes: [ClassReport] = []
    public var inputs: [InputShift] = []
    /// Accuracy of parts of the rows, the worst first.
    public var slices: [SliceReport] = []
    /// Parts by label, length, source and language beside the others, the worst first.
    public var worstSlices: [SliceComparison]?
    /// Whether it keeps its promise, and how many labels settle that; absent where they have.
    public var openQuestion: OpenQuestion?
    /// How good it probably is on what nobody has labelled; absent with too few answers.
    public var labelFree: LabelFreeReport?
    /// Who was told, and whether it arrived; absent where nobody is to be told.
    public var alerts: [Status.AlertChannel]?
    /// Why it changed; absent where nothing did, or nothing can be said.
    public var cause: CauseReport?
    public var versions: [ModelSummary] = []
    /// Newest first.
    public var runs: [RunSummary] = []
}

/// The answer of a report, for people who read nothing else.
public struct Headline: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        /// Nothing is served yet.
        case noModel
        /// Too few labels to say anything.
        case notEnoughLabels
        case fine
        /// Something moves, accuracy holds.
        case watch
        /// Accuracy is below what the version promised, beyond doubt.
        case degraded
        /// A run is under way to mend it.
        case retraining
    }

    public var state: State
    /// The verdict in one sentence.
    public var sentence: String
    /// How sure is that?
    public var certainty: String
    /// Since when?
    public var since: String
    /// Why?
    public var why: String
    /// What did Hone do?
    public var done: String
    /// What should I do?
    public var advice: String

    /// Question and answer, in the order in which a person asks.
    public var answers: [(question: String, answer: String)] {
        [
            ("How sure is that?", certainty), ("Since when?", since), ("Why?", why),
            ("What did Hone do?", done), ("What should I do?", advice),
        ]
    }
}

/// A point of the accuracy curve: some rows that follow each other, all judged by one version.
public struct SeriesPoint: Codable, Sendable, Equatable {
    public var since: Date
    public var until: Date
    public var count: Int
    public var accuracy: Double
    /// Wilson's 95 % interval.
    public var lower: Double
    public var upper: Double
    /// Mean negative log-likelihood of the true label, in nats.
    public var logLoss: Double
    public var version: Int
}

/// Something that happened in the stretch of the report.
public struct ReportEvent: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The moment from which on the stream is different, as far as it can be told afterwards.
        case change
        case warning, alarm, retrain, promotion, refusal, rollback, failure
    }

    public var at: Date
    public var kind: Kind
    /// A few words for the time axis.
    public var title: String
    /// The whole sentence.
    public var detail: String
    public var version: Int?
}

/// One class in the current window.
public struct ClassReport: Codable, Sendable, Equatable {
    public var label: String
    /// Rows whose true label it is.
    public var support: Int
    /// Of the rows predicted as this class, the share that is; absent where none was.
    public var precision: Double?
    /// Of the rows that are this class, the share that was predicted; absent where there is none.
    public var recall: Double?
    /// Wilson's 95 % interval of the recall.
    public var recallLower: Double?
    public var recallUpper: Double?
    /// The recall in the stretch's first rows, to compare with.
    public var recallBefore: Double?
    /// The share of predictions that are this class, when the version was judged and now.
    public var shareBefore: Double?
    public var shareNow: Double?
}

/// Accuracy of a part of the current window.
public struct SliceReport: Codable, Sendable, Equatable {
    public var name: String
    public var count: Int
    public var accuracy: Double
    /// Wilson's 95 % interval.
    public var lower: Double
    public var upper: Double
}
