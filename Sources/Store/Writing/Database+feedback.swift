public import FoundationEssentials
import GRDB

/// A label that somebody gave to a text or to an answer.
public struct Feedback: Sendable, Equatable {
    public enum Subject: Sendable, Equatable {
        /// The answer to an earlier request; `item` counts its texts from 0.
        case prediction(requestID: String, item: Int)
        case text(String, pair: String?)
    }

    public var subject: Subject
    public var label: String
    /// How the row was chosen: `audit_random`, `user_correction` …
    public var source: String
    /// When the text was observed; for an answer `nil` means when it was given.
    public var observedAt: Date?
    public var weight: Double
    /// The chance with which the row was drawn for a label, in (0, 1]; `nil` where it was not drawn by lot.
    public var propensity: Double?

    public init(
        _ subject: Subject, label: String, source: String, observedAt: Date? = nil, weight: Double = 1,
        propensity: Double? = nil
    ) {
        self.subject = subject
        self.label = label
        self.source = source
        self.observedAt = observedAt
        self.weight = weight
        self.propensity = propensity
    }
}

/// What became of a piece of feedback.
public enum FeedbackOutcome: Sendable, Equatable {
    /// It is a labelled row now.
    case accepted(exampleID: Int64)
    /// The text had this label before; nothing changed.
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
    /// - Parameter labels: the labels that may be given; `nil` where any may.
    /// - Returns: one outcome for each piece, in order.
    public func recordFeedback(
        _ feedback: [Feedback], labels: [String]?, at now: Date
    ) async throws -> [FeedbackOutcome] {
        let known = labels.map(Set.init)
        return try await write("storing feedback") { db in
            try feedback.map { try $0.record(db, labels: known, at: now) }
        }
    }
}

extension Feedback {
    fileprivate func record(_ db: Connection, labels: Set<String>?, at now: Date) throws -> FeedbackOutcome {
        guard let row = try row(db, at: now) else { return .unknownRequest }
        guard let problem = row.problem ?? unknownLabel(among: labels) ?? impossibleChance else {
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

    private func unknownLabel(among labels: Set<String>?) -> String? {
        guard let labels, !labels.contains(label) else { return nil }
        return "the label \"\(label.prefix(60))\" is not one of \(labels.sorted().joined(separator: ", "))"
    }

    /// The labelled row that it would be, or `nil` where the answer it speaks of is not stored.
    private func row(_ db: Connection, at now: Date) throws -> IncomingRow? {
        switch subject {
        case .text(let text, let pair):
            return IncomingRow(
                text: text, pair: pair, label: label, observedAt: observedAt, receivedAt: now, source: source,
                weight: weight)
        case .prediction(let requestID, let item):
            guard let answer = try StoredPrediction.answering(requestID, item, db) else { return nil }
            return IncomingRow(
                text: answer.text, pair: answer.pair, label: label,
                observedAt: observedAt ?? answer.createdAt,
                receivedAt: now, source: source, requestID: requestID, weight: weight)
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
