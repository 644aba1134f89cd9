import Corpus
import FoundationEssentials
import GRDB

/// A labelled row on its way into the table `example`.
struct IncomingRow: Sendable {
    var text: String
    var pair: String?
    /// `nil` where nobody said what is true.
    var target: Target?
    var observedAt: Date?
    var receivedAt: Date
    var source: String
    var requestID: String?
    var weight = 1.0
    var scoring = StoredExample.Scoring.waiting
    var metadata: [String: String] = [:]

    /// Why the row cannot be kept, or `nil` where it can.
    ///
    /// The schema would refuse it too, but without a word that helps and together with its page.
    var problem: String? {
        if text.isBlank { return "the text is empty" }
        guard let target, !target.group.isBlank else { return "the row has no label" }
        // SQLite's C interface ends a text at NUL: what comes after it would be lost without a word.
        if [text, pair ?? "", target.group, source].contains(where: { $0.utf8.contains(0) }) {
            return "the row holds a NUL character"
        }
        if source.isBlank { return "the source has no name" }
        if let observedAt, !observedAt.isStorable { return "the time is before the year 1 or after 9999" }
        guard weight.isFinite, weight > 0, weight < 1e9 else { return "the weight is not between 0 and 10⁹" }
        return nil
    }

    /// The row once it is stored, or `nil` where the same was said of the same text before.
    ///
    /// - Precondition: it has no `problem`.
    func insert(_ db: Connection) throws -> StoredExample? {
        let target = target!
        let hash = ContentHash(of: Example(text: text, pair: pair, target: target))
        let known = try db.cachedStatement(sql: "SELECT 1 FROM example WHERE contentHash = ?")
        guard try Int.fetchOne(known, arguments: [hash.hex]) == nil else { return nil }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO example (contentHash, text, pair, label, target, observedAt, receivedAt, source,
                  split, requestID, weight, scoring, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let split = Split.of(hash)
        try statement.execute(arguments: [
            hash.hex, text, pair, target.group,
            String(decoding: try JSONEncoder().encode(target), as: UTF8.self),
            observedAt, receivedAt, source, split.rawValue, requestID, weight, scoring.rawValue,
            try storedMetadata,
        ])
        return StoredExample(
            id: db.lastInsertedRowID, contentHash: hash.hex, text: text, pair: pair, target: target,
            observedAt: observedAt, receivedAt: receivedAt, source: source, split: split,
            requestID: requestID, weight: weight, scoring: scoring,
            metadata: metadata.isEmpty ? nil : metadata)
    }

    /// With its names in order, so that the same is written in the same way; `nil` for nothing.
    private var storedMetadata: String? {
        get throws {
            guard !metadata.isEmpty else { return nil }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(metadata), as: UTF8.self)
        }
    }

    /// The row as something that could not be used.
    func quarantined(because reason: String) -> QuarantinedRow {
        QuarantinedRow(
            source: source, at: receivedAt, line: nil, reason: reason,
            excerpt: "\(target?.group ?? ""): \(text)")
    }
}

extension QuarantinedRow {
    /// Stores the row, unless the very same stands there already.
    ///
    /// - Returns: whether it is new.
    func quarantine(_ db: Connection) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO quarantinedRow (source, at, line, reason, excerpt) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """)
        try statement.execute(arguments: [
            source.withoutNUL, at, line.flatMap { $0 > 0 ? $0 : nil }, reason.withoutNUL,
            String(String.UnicodeScalarView(excerpt.withoutNUL.unicodeScalars.prefix(200))),
        ])
        return db.changesCount > 0
    }
}

extension String {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// The text with the replacement character in the place of NUL, which SQLite cannot hold. Models
    /// that clean their input, as BERT does, drop both alike.
    var withoutNUL: String { utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self }
}
