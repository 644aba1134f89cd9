/// How long what is stored. Model versions and verdicts are never deleted by age.
public struct RetentionSettings: Sendable, Equatable {
    /// Served predictions.
    public var predictions = Duration.seconds(30 * 86_400)
    /// What each version said to each labelled row.
    public var outcomes = Duration.seconds(365 * 86_400)
    /// Rows that could not be read.
    public var quarantine = Duration.seconds(30 * 86_400)
    /// The database is kept below this by deleting the oldest predictions first.
    public var databaseBytes = 10_000_000_000
    /// Folders of versions that are kept besides the live one.
    public var versions = 10

    public init() {}
}

extension RetentionSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        let century = Duration.seconds(100 * 365 * 86_400)
        return [
            Field("predictions", \.predictions, .duration(.seconds(3_600)...century)),
            Field("outcomes", \.outcomes, .duration(.seconds(86_400)...century)),
            Field("quarantine", \.quarantine, .duration(.seconds(3_600)...century)),
            Field("database_size", \.databaseBytes, .bytes(10_000_000...10_000_000_000_000)),
            Field("versions", \.versions, .integer(1...10_000, example: 10)),
        ]
    }
}
