public import Drift
public import Foundation

/// Answers that are worth a label, in the order in which to label them: `hone label`.
///
/// The JSON is an interface, like that of `Status`. What the model answered is not in it: who sees an answer
/// agrees with it.
public struct LabelQueue: Codable, Sendable, Equatable {
    public var schema = 1
    /// The version that answered; absent where none is live.
    public var version: Int?
    /// The labels to choose from.
    public var labels: [String]
    public var items: [Item]
    /// Different texts that were answered within the stretch and have no label yet.
    public var waiting: Int
    /// Rows that were drawn by lot and are labelled, and what they say about all answers.
    public var drawn: DrawnEstimate?
    /// Whether the version keeps its promise; absent where that is settled.
    public var question: OpenQuestion?
    /// What to know about the queue, for people.
    public var sentence: String

    package init(
        version: Int? = nil, labels: [String], items: [Item], waiting: Int, sentence: String
    ) {
        self.version = version
        self.labels = labels
        self.items = items
        self.waiting = waiting
        self.sentence = sentence
    }

    public struct Item: Codable, Sendable, Equatable {
        public var text: String
        public var pair: String?
        public var answeredAt: Date
        /// `audit` or `doubt`.
        public var lot: LabelLottery.Draw.Lot
        /// The chance with which it was drawn, in (0, 1].
        public var propensity: Double

        package init(
            text: String, pair: String? = nil, answeredAt: Date, lot: LabelLottery.Draw.Lot,
            propensity: Double
        ) {
            self.text = text
            self.pair = pair
            self.answeredAt = answeredAt
            self.lot = lot
            self.propensity = propensity
        }

        /// The name by which feedback knows how a row was chosen.
        public var source: String { lot == .audit ? "audit_random" : "active" }
    }

    /// The mean error over all answers from labelled rows that were drawn by lot, each weighted by one over its chance.
    public struct DrawnEstimate: Codable, Sendable, Equatable {
        public var rows: Int
        /// What unequal weights leave of them.
        public var effectiveRows: Double
        public var errorRate: Double
        /// The anytime-valid 95 % interval; absent with fewer than thirty rows.
        public var lower: Double?
        public var upper: Double?

        package init?(_ selection: LabelSelection) {
            guard let mean = selection.mean else { return nil }
            let interval = selection.anytimeInterval(alpha: 0.05)
            rows = selection.count
            effectiveRows = selection.effectiveCount
            errorRate = mean
            lower = interval.map { max(0, $0.lowerBound) }
            upper = interval.map { min(1, $0.upperBound) }
        }
    }
}

/// A label that a person gave to an item of the queue.
public struct GivenLabel: Sendable, Equatable {
    public var item: LabelQueue.Item
    public var label: String
}
