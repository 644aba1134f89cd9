public import Corpus
public import FoundationEssentials
import GRDB

extension Database {
    /// The rows that show what a challenger forgot: the anchor that is in use, or a new one.
    ///
    /// An anchor is drawn once, by content, from the hold-out that came with imported models, or where
    /// none came, from the hold-out up to the first training cut. While it has room it takes further
    /// imported rows in. After `lifetime` trials it is retired, if enough rows of the hold-out that no
    /// anchor had can take its place; otherwise it stays, worn as it is.
    ///
    /// - Parameters:
    ///   - limit: the most rows of an anchor.
    ///   - minimum: the fewest rows that replace a worn one.
    ///   - task: what its rows are for: models of each task have anchors of their own.
    public func currentAnchor(
        limit: Int, lifetime: Int, minimum: Int, of task: TaskKind = .textClassification, at now: Date
    ) async throws -> Anchor {
        try await write("drawing the anchor") { db in
            guard var anchor = try Anchor.newest(db, task) else {
                return try Anchor.draw(db, Anchor.first, limit, task, "the first trial needs it", at: now)
            }
            if anchor.gates >= lifetime {
                let successor = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM (\(Anchor.unused))",
                    arguments: ["limit": limit, "task": task.rawValue])!
                if successor >= max(1, minimum) {
                    return try Anchor.draw(
                        db, Anchor.unused, limit, task,
                        "the one before it was worn out by \(anchor.gates) trials", at: now)
                }
            }
            if try anchor.isFirst(db, task), anchor.rows.count < limit {
                try Anchor.take(db, Anchor.first, limit - anchor.rows.count, task, into: anchor.id)
                anchor.rows = try Anchor.rows(of: anchor.id, db)
            }
            return anchor
        }
    }

    /// Writes a decided trial down: whoever was judged, the anchor was looked at once more.
    ///
    /// - Returns: the trial with its number.
    @discardableResult
    public func record(_ gate: Gate) async throws -> Gate {
        try await write("writing down what the gate found") { db in
            var gate = gate
            gate.number =
                1
                + (try Int.fetchOne(
                    db, sql: "SELECT max(number) FROM gate WHERE anchorID = ?", arguments: [gate.anchorID])
                    ?? 0)
            return try gate.inserted(db)
        }
    }
}

extension Anchor {
    /// Imported rows of the hold-out that no anchor has, or where nothing was imported, those up to the
    /// first training cut. The end of the hash is a draw of its own: its beginning decides the split.
    fileprivate static let first = """
        SELECT id FROM example WHERE split = 'holdout' AND task = :task AND CASE
          WHEN EXISTS (SELECT 1 FROM example WHERE split = 'holdout' AND scoring = 'exempt' AND task = :task)
          THEN scoring = 'exempt' ELSE id <= (SELECT min(cut) FROM trainingRun) END
          AND id NOT IN (SELECT exampleID FROM anchorRow)
        ORDER BY substr(contentHash, 33) LIMIT :limit
        """

    /// Rows of the hold-out that no anchor had, imported or seen before the last training ended.
    fileprivate static let unused = """
        SELECT id FROM example WHERE split = 'holdout' AND task = :task AND (scoring = 'exempt'
            OR id <= (SELECT max(cut) FROM trainingRun WHERE finishedAt IS NOT NULL))
          AND id NOT IN (SELECT exampleID FROM anchorRow)
        ORDER BY substr(contentHash, 33) LIMIT :limit
        """

    fileprivate static func newest(_ db: Connection, _ task: TaskKind) throws -> Anchor? {
        guard
            let id = try Int64.fetchOne(
                db, sql: "SELECT max(id) FROM anchor WHERE task = ?", arguments: [task.rawValue])
        else { return nil }
        let gates = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM gate WHERE anchorID = ?", arguments: [id])
        return Anchor(id: id, rows: try rows(of: id, db), gates: gates ?? 0)
    }

    /// Whether no anchor of the task came before it.
    fileprivate func isFirst(_ db: Connection, _ task: TaskKind) throws -> Bool {
        try Int64.fetchOne(
            db, sql: "SELECT min(id) FROM anchor WHERE task = ?", arguments: [task.rawValue]) == id
    }

    fileprivate static func draw(
        _ db: Connection, _ rows: String, _ limit: Int, _ task: TaskKind, _ reason: String, at now: Date
    ) throws -> Anchor {
        try db.execute(
            sql: "INSERT INTO anchor (drawnAt, reason, task) VALUES (?, ?, ?)",
            arguments: [now, reason, task.rawValue])
        let id = db.lastInsertedRowID
        try take(db, rows, limit, task, into: id)
        return Anchor(id: id, rows: try Anchor.rows(of: id, db), gates: 0)
    }

    fileprivate static func take(
        _ db: Connection, _ rows: String, _ limit: Int, _ task: TaskKind, into id: Int64
    ) throws {
        try db.execute(
            sql: "INSERT INTO anchorRow (anchorID, exampleID) SELECT :anchor, id FROM (\(rows))",
            arguments: ["anchor": id, "limit": limit, "task": task.rawValue])
    }

    fileprivate static func rows(of id: Int64, _ db: Connection) throws -> [StoredExample] {
        try StoredExample.all(
            db,
            """
            SELECT e.* FROM anchorRow AS a JOIN example AS e ON e.id = a.exampleID
            WHERE a.anchorID = ? ORDER BY e.id
            """, [id])
    }
}
