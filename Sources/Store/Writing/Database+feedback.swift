public import Corpus
public import FoundationEssentials
import GRDB

/// What somebody said is true of a text, or would have been the right answer.
public struct Feedback: Sendable, Equatable {
    public enum Subject: Sendable, Equatable {
        /// The answer to an earlier request; `item` counts its texts from 0.
        case prediction(requestID: String, item: Int)
        case text(String, pair: String?)
    }

    public var subject: Subject
    public var target: Target
    /// How the row was chosen: `audit_random`, `user_correction` …
    public var source: String
    /// When the text was observed; for an answer `nil` means when it was given.
    public var observedAt: Date?
    public var weight: Double
    /// The chance with which the row was drawn for a label, in (0, 1]; `nil` where it was not drawn by lot.
    public var propensity: Double?
    /// What else is known of the text.
    public var metadata: [String: String]

    public init(
        _ subject: Subject, target: Target, source: String, observedAt: Date? = nil, weight: Double = 1,
        propensity: Double? = nil, metadata: [String: String] = [:]
    ) {
        self.subject = subject
        self.target = target
        self.source = source
        self.observedAt = observedAt
        self.weight = weight
        self.propensity = propensity
        self.metadata = metadata
    }

    public init(
        _ subject: Subject, label: String, source: String, observedAt: Date? = nil, weight: Double = 1,
        propensity: Double? = nil
    ) {
        self.init(
            subject, target: .label(label), source: source, observedAt: observedAt, weight: weight,
            propensity: propensity)
    }
}

/// What became of a piece of feedback.
public enum FeedbackOutcome: Sendable, Equatable {
    /// It is a labelled row now.
    case accepted(exampleID: Int64)
    /// The same was said of the text before; nothing changed.
    case duplicate
    /// No such answer is stored: it never was, or retention let go of it.
    case unknownRequest
    /// It lies in quarantine, for this reason.
    case invalid(String)

    public var isAccepted: Bool {
        if case .accepted = self { true } else { false }
    }
}

extension Database {
    /// Stores labels that clients gave. When it returns they are on the disk.
    ///
    /// Sending the same again changes nothing: a text has a label once, whoever says so. One piece
    /// that cannot be used does not touch the others.
    ///
    /// - Parameter objection: why a row cannot be used; `nil` where it can.
    /// - Returns: one outcome for each piece, in order.
    public func recordFeedback(
        _ feedback: [Feedback], at now: Date, objection: @escaping @Sendable (Example) -> String?
    ) async throws -> [FeedbackOutcome] {
        try await write("storing feedback") { db in
            try feedback.map { try $0.record(db, at: now, objection) }
        }
    }
}

extension Feedback {
    fileprivate func record(
        _ db: Connection, at now: Date, _ objection: (Example) -> String?
    ) throws -> FeedbackOutcome {
        guard let row = try row(db, at: now) else { return .unknownRequest }
        let example = Example(text: row.text, pair: row.pair, target: target)
        guard let problem = row.problem ?? objection(example) ?? impossibleChance else {
            guard let stored = try row.insert(db) else { return .duplicate }
            if let propensity {
                try db.execute(
                    sql: "INSERT INTO labelDraw (exampleID, propensity) VALUES (?, ?)",
                    arguments: [stored.id, propensity])
            }
            return .accepted(exampleID: stored.id)
        }
        _ = try row.quarantined(because: problem).quarantine(db)
        return .invalid(problem)
    }

    private var impossibleChance: String? {
        guard let propensity, !(propensity > 0 && propensity <= 1) else { return nil }
        return "the propensity \(propensity) is not above 0 and at most 1"
    }

    /// The labelled row that it would be, or `nil` where the answer it speaks of is not stored.
    private func row(_ db: Connection, at now: Date) throws -> IncomingRow? {
        switch subject {
        case .text(let text, let pair):
            return IncomingRow(
                text: text, pair: pair, target: target, observedAt: observedAt, receivedAt: now,
                source: source, weight: weight, metadata: metadata)
        case .prediction(let requestID, let item):
            guard let answer = try StoredPrediction.answering(requestID, item, db) else { return nil }
            return IncomingRow(
                text: answer.text, pair: answer.pair, target: target,
                observedAt: observedAt ?? answer.createdAt,
                receivedAt: now, source: source, requestID: requestID, weight: weight, metadata: metadata)
        }
    }
}

extension StoredPrediction {
    /// What was said to one text of a request. A client may use an identifier again: the newest counts.
    static func answering(_ requestID: String, _ item: Int, _ db: Connection) throws -> StoredPrediction? {
        guard !requestID.utf8.contains(0) else { return nil }
        return try first(
            db, "SELECT * FROM prediction WHERE requestID = ? AND item = ? ORDER BY id DESC LIMIT 1",
            [requestID, item])
    }
}
