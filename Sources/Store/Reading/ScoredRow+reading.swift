import FoundationEssentials
import GRDB

/// A watch is rebuilt from hundreds of thousands of these at every start and by every report: they are read column by
/// column, several times as fast as by name, and without the probabilities, which are JSON.
extension ScoredRow {
    static let columns = """
        o.exampleID, o.modelVersion, o.predictedLabel, o.label, o.loss, o.lossInNats, o.confidence, o.tokens,
        o.unknownTokens, o.scoredAt, e.observedAt, e.receivedAt, e.source
        """

    /// All rows of a statement that selects `columns`.
    static func all(_ db: Connection, _ sql: String, _ arguments: StatementArguments) throws -> [ScoredRow] {
        var rows: [ScoredRow] = []
        let cursor = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try cursor.next() { rows.append(ScoredRow(row)) }
        return rows
    }

    private init(_ row: Row) {
        self.init(
            outcome: StoredOutcome(
                exampleID: row[0], modelVersion: row[1], predictedLabel: row[2], label: row[3], loss: row[4],
                lossInNats: row[5], confidence: row[6], probabilities: [], tokens: row[7],
                unknownTokens: row[8],
                scoredAt: row[9]),
            observedAt: row[10], receivedAt: row[11], source: row[12])
    }
}
