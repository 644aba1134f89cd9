import Corpus
public import Foundation
import Store

/// What somebody says is true, of an answer or of a text.
public struct FeedbackItem: Sendable, Equatable {
    public enum Subject: Sendable, Equatable {
        /// The answer to an earlier request; `item` counts its texts from 0.
        case answer(requestID: String, item: Int)
        case text(TextInput)
    }

    public var subject: Subject
    public var truth: FeedbackTruth
    /// How the row was chosen: `audit_random`, `active`, `user_correction`, `bulk` or a name of the client's.
    public var source: String
    public var weight: Double
    public var observedAt: Date?
    /// The chance with which the row was drawn for a label, in (0, 1].
    public var propensity: Double?
    /// What else is known of the text, such as a country or a product.
    public var metadata: [String: String]

    public init(
        subject: Subject, truth: FeedbackTruth, source: String, weight: Double = 1, observedAt: Date? = nil,
        propensity: Double? = nil, metadata: [String: String] = [:]
    ) {
        self.subject = subject
        self.truth = truth
        self.source = source
        self.weight = weight
        self.observedAt = observedAt
        self.propensity = propensity
        self.metadata = metadata
    }

    public init(
        subject: Subject, label: String, source: String, weight: Double = 1, observedAt: Date? = nil
    ) {
        self.init(
            subject: subject, truth: FeedbackTruth(.label(label)), source: source, weight: weight,
            observedAt: observedAt)
    }
}

/// What became of one row of feedback.
public struct FeedbackResult: Codable, Sendable, Equatable {
    public enum Status: String, Codable, Sendable {
        /// On the disk now.
        case accepted
        /// Was there already; nothing changed.
        case duplicate
        /// Not kept, for the reason in `message`.
        case rejected
    }

    public var status: Status
    public var message: String?

    public init(status: Status, message: String? = nil) {
        self.status = status
        self.message = message
    }
}

extension FeedbackItem {
    /// Whether it names an answer, which must be written before it can be found.
    var isAboutAnswer: Bool {
        if case .answer = subject { true } else { false }
    }

    var stored: Feedback {
        let subject: Feedback.Subject =
            switch subject {
            case .answer(let requestID, let item): .prediction(requestID: requestID, item: item)
            case .text(let input): .text(input.text, pair: input.pair)
            }
        return Feedback(
            subject, target: truth.target, source: source, observedAt: observedAt, weight: weight,
            propensity: propensity, metadata: metadata)
    }
}

extension FeedbackResult {
    init(_ outcome: FeedbackOutcome) {
        switch outcome {
        case .accepted: self.init(status: .accepted)
        case .duplicate: self.init(status: .duplicate)
        case .unknownRequest:
            self.init(
                status: .rejected,
                message: "no answer with this id and item is known: it was never given, or is older than "
                    + "retention.predictions; send the text instead")
        case .invalid(let reason): self.init(status: .rejected, message: reason)
        }
    }
}
