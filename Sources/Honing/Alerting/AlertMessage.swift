public import Foundation

/// What a webhook gets as its body and a command on its standard input.
///
/// The JSON is an interface: keys are added, never renamed; `schema` grows when a meaning changes.
/// Shares are in [0, 1], times are ISO 8601 in UTC, what is not known is left out.
public struct AlertMessage: Codable, Sendable, Equatable {
    public var schema = 1
    /// The event's own name, as in `detection/17`: whoever gets it twice need not act twice.
    public var id: String
    public var kind: AlertKind
    public var at: Date
    /// The model's name in the configuration.
    public var model: String
    /// The version that it is about.
    public var version: Int?
    /// What happened, in a sentence or two.
    public var sentence: String
    /// How good the live version is.
    public var accuracy: Accuracy?
    /// Why its figures changed, where that can be said.
    public var cause: Cause?
    /// The dashboard.
    public var link: String

    public struct Accuracy: Codable, Sendable, Equatable {
        /// Since its promotion, with the anytime-valid 95 % interval.
        public var estimate: Double
        public var lower: Double
        public var upper: Double
        public var count: Int
        /// On the rows that judged it.
        public var promised: Double?
        /// Of the newest rows, after an alarm of those since the change, with Wilson's 95 % interval.
        public var newest: Newest?

        public struct Newest: Codable, Sendable, Equatable {
            public var estimate: Double
            public var lower: Double
            public var upper: Double
            public var count: Int
        }
    }

    public struct Cause: Codable, Sendable, Equatable {
        /// As in `CauseReport`.
        public var cause: String
        public var sentence: String
        public var remedy: String
        public var beganAt: Date?
    }

    /// - Parameter report: of the moment; nil where none could be made, for what happened is told all the same.
    package init(_ event: AlertEvent, _ report: DriftReport?, model: String, link: String) {
        id = event.id
        kind = event.kind
        at = event.at
        self.model = model
        version = event.version ?? report?.version
        sentence = event.sentence
        self.link = link
        accuracy = report?.accuracy.flatMap { accuracy in
            guard accuracy.count > 0 else { return nil }
            return Accuracy(
                estimate: accuracy.estimate, lower: accuracy.lower, upper: accuracy.upper,
                count: accuracy.count, promised: accuracy.baseline?.accuracy,
                newest: report?.present.map {
                    Accuracy.Newest(estimate: $0.accuracy, lower: $0.lower, upper: $0.upper, count: $0.count)
                })
        }
        cause = report?.cause.map {
            Cause(
                cause: $0.cause, sentence: $0.sentence, remedy: $0.remedy, beganAt: $0.began?.at)
        }
    }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
