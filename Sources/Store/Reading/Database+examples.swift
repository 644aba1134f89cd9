public import Corpus
import GRDB

extension Database {
    /// Rows that the live model has yet to be asked about, the oldest first.
    ///
    /// - Parameter task: what the model does. Rows of another task wait until a model of theirs is live.
    public func unscoredExamples(
        of task: TaskKind = .textClassification, limit: Int
    ) async throws -> [StoredExample] {
        try await read("reading rows to score") { db in
            try StoredExample.all(
                db, "SELECT * FROM example WHERE scoring = 'waiting' AND task = ? ORDER BY id LIMIT ?",
                [task.rawValue, limit])
        }
    }

    /// Rows between two others, in the order of arrival or against it.
    ///
    /// - Parameters:
    ///   - split: the side of learning; `nil` for all.
    ///   - exampleID: rows after this one.
    ///   - end: rows before this one; `nil` for no end.
    public func examples(
        split: Split?, after exampleID: Int64, before end: Int64?, limit: Int, newestFirst: Bool
    ) async throws -> [StoredExample] {
        let side = split == nil ? "" : "split = :split AND"
        let sql = """
            SELECT * FROM example WHERE \(side) id > :after AND id < :before
            ORDER BY id \(newestFirst ? "DESC" : "ASC") LIMIT :limit
            """
        return try await read("reading labelled rows") { db in
            var arguments: StatementArguments = ["after": exampleID, "before": end ?? .max, "limit": limit]
            if let split { _ = arguments.append(contentsOf: ["split": split.rawValue]) }
            return try StoredExample.all(db, sql, arguments)
        }
    }

    /// The rows that a run may learn from: of the training and development splits, and already
    /// scored by the model that was live when they came.
    ///
    /// - Parameters:
    ///   - change: the first row after a change of the stream, where one is known.
    ///   - version: otherwise rows count as new from where this version's training ended.
    ///   - task: what the rows are for.
    ///   - limit: how many new rows, the newest, and how many old ones, drawn by their content, are
    ///     returned at most.
    /// - Returns: new and old rows, both in the order of arrival, and the newest row there was.
    public func labelledRows(
        splitAt change: Int64?, since version: Int, of task: TaskKind = .textClassification,
        limit: Int = 50_000
    ) async throws -> (new: [StoredExample], old: [StoredExample], cut: Int64) {
        try await read("reading rows to train on") { db in
            let cut = try TrainingCut.now(db, task)
            let start = try change ?? TrainingCut.of(version: version, db) + 1
            let new = try StoredExample.all(
                db,
                """
                SELECT * FROM example
                WHERE id BETWEEN ? AND ? AND scoring = 'scored' AND split <> 'holdout' AND task = ?
                ORDER BY id DESC LIMIT ?
                """,
                [start, cut, task.rawValue, limit])
            // The split is decided by the beginning of the hash: its end is a draw of its own.
            let old = try StoredExample.all(
                db,
                """
                SELECT * FROM example
                WHERE id <= ? AND (id < ? OR scoring = 'exempt') AND scoring <> 'waiting' AND split <> 'holdout'
                  AND task = ?
                ORDER BY substr(contentHash, 33) LIMIT ?
                """,
                [cut, start, task.rawValue, limit])
            return (new.reversed(), old.sorted { $0.id < $1.id }, cut)
        }
    }

    /// The newest row, and the newest with none of the task before it that waits to be scored; 0 where
    /// there is none.
    public func scoringProgress(of task: TaskKind) async throws -> (newest: Int64, scored: Int64) {
        try await read("reading how far rows are scored") { db in
            (try Int64.fetchOne(db, sql: "SELECT max(id) FROM example") ?? 0, try TrainingCut.now(db, task))
        }
    }

    /// Rows that a challenger cannot have learned from and that look like today: the hold-out since
    /// the change, and everything that came after the training cut. The newest, in the order of
    /// arrival.
    ///
    /// - Parameters:
    ///   - change: the first row after the change; without one, rows count from where the training of
    ///     the champion ended, which it cannot have learned from either.
    ///   - cut: the newest row that the challenger may have learned from.
    ///   - task: what the rows are for.
    public func freshRows(
        since change: Int64?, champion: Int, cut: Int64, of task: TaskKind = .textClassification, limit: Int
    ) async throws -> [StoredExample] {
        try await read("reading fresh rows") { db in
            let start = try change ?? TrainingCut.of(version: champion, db) + 1
            return try StoredExample.all(
                db,
                """
                SELECT * FROM example
                WHERE id >= ? AND scoring <> 'exempt' AND (split = 'holdout' OR id > ?) AND task = ?
                ORDER BY id DESC LIMIT ?
                """,
                [start, cut, task.rawValue, limit]
            ).reversed()
        }
    }

    /// The hold-out that came with the first models: what must not be forgotten. The same rows
    /// every time, drawn by their content.
    ///
    /// Where no model came with rows, the hold-out up to the first training cut takes its place.
    public func anchorRows(limit: Int) async throws -> [StoredExample] {
        try await read("reading the anchor") { db in
            let imported = try StoredExample.all(
                db,
                """
                SELECT * FROM example WHERE split = 'holdout' AND scoring = 'exempt'
                ORDER BY substr(contentHash, 33) LIMIT ?
                """,
                [limit])
            let rows =
                try !imported.isEmpty
                ? imported
                : StoredExample.all(
                    db,
                    """
                    SELECT * FROM example WHERE split = 'holdout' AND id <= (SELECT min(cut) FROM trainingRun)
                    ORDER BY substr(contentHash, 33) LIMIT ?
                    """,
                    [limit])
            return rows.sorted { $0.id < $1.id }
        }
    }
}

/// Up to which row something may have been learned from.
enum TrainingCut {
    /// The newest row with none of the task before it that waits to be scored.
    static func now(_ db: Connection, _ task: TaskKind) throws -> Int64 {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT coalesce((SELECT min(id) - 1 FROM example WHERE scoring = 'waiting' AND task = ?),
                  (SELECT max(id) FROM example), 0)
                """, arguments: [task.rawValue]) ?? 0
    }

    /// What a version is for.
    static func task(of version: Int, _ db: Connection) throws -> TaskKind {
        try String.fetchOne(
            db, sql: "SELECT task FROM modelVersion WHERE version = ?", arguments: [version]
        ).flatMap(TaskKind.init) ?? .textClassification
    }

    /// Where the training of a version ended; 0 for one that was imported.
    static func of(version: Int, _ db: Connection) throws -> Int64 {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT r.cut FROM modelVersion AS v JOIN trainingRun AS r ON r.id = v.runID WHERE v.version = ?
                """, arguments: [version]) ?? 0
    }
}
