import GRDB

extension Database {
    /// All runs that ended with a verdict or failed, in the order of their start, with what they cost: the sum of
    /// their remedies, or of the run where none was written down.
    public func endedRuns() async throws -> [(run: TrainingRun, cpuSeconds: Double)] {
        try await read("reading what runs cost") { db in
            let costs = try Row.fetchAll(
                db, sql: "SELECT runID, sum(cpuSeconds) AS cpuSeconds FROM rung GROUP BY runID")
            let byRun = Dictionary(
                uniqueKeysWithValues: costs.map { ($0["runID"] as Int64, $0["cpuSeconds"] as Double) })
            return try TrainingRun.all(
                db,
                """
                SELECT * FROM trainingRun WHERE state IN ('promoted', 'refused', 'failed') ORDER BY id
                """
            ).map { ($0, byRun[$0.id ?? 0] ?? $0.cpuSeconds) }
        }
    }
}
