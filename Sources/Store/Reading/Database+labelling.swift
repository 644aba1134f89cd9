public import FoundationEssentials
import GRDB

/// Labelled rows that were drawn by the same chance and on which the same was lost.
public struct DrawnOutcomes: Codable, Sendable, Equatable {
    public var loss: Double
    /// In (0, 1].
    public var propensity: Double
    public var rows: Int
}

extension Database {
    /// What a version lost since it became live on rows that were drawn by lot.
    public func drawnOutcomes(ofVersion version: Int, since promotion: Date) async throws -> [DrawnOutcomes] {
        try await read("reading what was drawn by lot") { db in
            try DrawnOutcomes.all(
                db,
                """
                SELECT o.loss, d.propensity, count(*) AS rows
                FROM labelDraw AS d CROSS JOIN outcome AS o ON o.exampleID = d.exampleID AND o.modelVersion = ?
                WHERE o.scoredAt >= ? GROUP BY o.loss, d.propensity ORDER BY d.propensity, o.loss
                """, [version, promotion])
        }
    }
}
