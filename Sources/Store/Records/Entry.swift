import FoundationEssentials
import GRDB

/// A value that a statement's rows can be read as.
protocol FetchedRow: Decodable, Sendable {}

/// A value that is a row of a table.
protocol TableRow: FetchedRow, Encodable {
    static var table: String { get }
}

extension StoredExample: TableRow { static let table = "example" }
extension StoredPrediction: TableRow { static let table = "prediction" }
extension StoredOutcome: TableRow { static let table = "outcome" }
extension Metric: TableRow { static let table = "metric" }
extension Detection: TableRow { static let table = "detection" }
extension TrainingRun: TableRow { static let table = "trainingRun" }
extension ModelVersion: TableRow { static let table = "modelVersion" }
extension Promotion: TableRow { static let table = "promotion" }
extension Gate: TableRow { static let table = "gate" }
extension Rung: TableRow { static let table = "rung" }
extension LeftOut: TableRow { static let table = "leftOut" }
extension ConfidentAnswer: FetchedRow {}
extension StoredRollout: TableRow { static let table = "rollout" }
extension RolloutPair: TableRow { static let table = "rolloutPair" }
extension AuditEntry: TableRow { static let table = "audit" }
extension StoredLineage: TableRow { static let table = "lineage" }
extension QuarantinedRow: TableRow { static let table = "quarantinedRow" }
extension SourceRecord: TableRow { static let table = "source" }
extension StoredAlert: TableRow { static let table = "alert" }
extension AlertDelivery: FetchedRow {}
extension Decision: FetchedRow {}
extension DrawnOutcomes: FetchedRow {}

/// The way of a value into its table and back. Only here do records meet GRDB: those who hold them
/// need not know it.
struct Entry<Value: FetchedRow>: Decodable, FetchableRecord {
    let value: Value

    init(from decoder: any Decoder) throws {
        value = try Value(from: decoder)
    }
}

extension Entry: Encodable, PersistableRecord, MutablePersistableRecord, TableRecord, EncodableRecord
where Value: TableRow {
    static var databaseTableName: String { Value.table }

    init(_ value: Value) {
        self.value = value
    }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
    }
}

extension FetchedRow {
    /// All rows of a statement that selects the columns of this value.
    static func all(
        _ db: Connection, _ sql: String, _ arguments: StatementArguments = []
    ) throws -> [Self] {
        let statement = try db.cachedStatement(sql: sql)
        var rows: [Self] = []
        let cursor = try Entry<Self>.fetchCursor(statement, arguments: arguments)
        while let entry = try cursor.next() { rows.append(entry.value) }
        return rows
    }

    /// The first row of such a statement.
    static func first(
        _ db: Connection, _ sql: String, _ arguments: StatementArguments = []
    ) throws -> Self? {
        try Entry<Self>.fetchOne(db, SQLRequest(sql: sql, arguments: arguments, cached: true))?.value
    }
}

extension TableRow {
    /// The row as the table holds it now: with its number, and dates to the millisecond.
    func inserted(_ db: Connection) throws -> Self {
        try Entry(self).insertAndFetch(db, as: Entry<Self>.self).value
    }

    func insert(_ db: Connection) throws {
        try Entry(self).insert(db)
    }

    func update(_ db: Connection) throws {
        try Entry(self).update(db)
    }
}

/// GRDB's name for one connection; `Database` is ours.
typealias Connection = GRDB.Database
