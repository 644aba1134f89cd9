import GRDB

extension Database {
    /// Writes down how a remedy ended.
    public func record(_ rung: Rung) async throws {
        try await write("writing down what a remedy gave") { db in _ = try rung.inserted(db) }
    }

    /// The remedies that a run tried, in their order.
    public func rungs(ofRun id: Int64) async throws -> [Rung] {
        try await read("reading the remedies of run \(id)") { db in
            try Rung.all(db, "SELECT * FROM rung WHERE runID = ? ORDER BY id", [id])
        }
    }
}
