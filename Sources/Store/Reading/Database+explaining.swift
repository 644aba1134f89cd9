public import FoundationEssentials
import GRDB

// One decision at a time, to look at it again.

extension Database {
    public func detection(_ id: Int64) async throws -> Detection? {
        try await read("reading detection \(id)") { db in
            try Detection.first(db, "SELECT * FROM detection WHERE id = ?", [id])
        }
    }

    public func gate(_ id: Int64) async throws -> Gate? {
        try await read("reading what gate \(id) found") { db in
            try Gate.first(db, "SELECT * FROM gate WHERE id = ?", [id])
        }
    }

    /// The last trial of a run.
    public func gate(ofRun run: Int64) async throws -> Gate? {
        try await read("reading what the gate found of run \(run)") { db in
            try Gate.first(db, "SELECT * FROM gate WHERE runID = ? ORDER BY id DESC LIMIT 1", [run])
        }
    }

    /// The promotion by which a version was live at a moment.
    public func promotion(ofVersion version: Int, at moment: Date) async throws -> Promotion? {
        try await read("reading since when version \(version) was live") { db in
            try Promotion.first(
                db, "SELECT * FROM promotion WHERE version = ? AND at <= ? ORDER BY id DESC LIMIT 1",
                [version, moment])
        }
    }

    /// Detections and trials that can be looked at again, the newest first.
    public func decisions(limit: Int) async throws -> [Decision] {
        try await read("reading decisions") { db in
            try Decision.all(
                db,
                """
                SELECT 'detection/' || id AS id, at, detector || ': ' || verdict AS what FROM detection
                UNION ALL
                SELECT 'gate/' || id, at, json_extract(verdict, '$.sentence') FROM gate
                ORDER BY at DESC LIMIT ?
                """, [limit])
        }
    }
}

/// Something that was decided, by its name.
public struct Decision: Codable, Sendable, Equatable {
    /// `detection/17`, `gate/3`.
    public var id: String
    public var at: Date
    public var what: String
}
