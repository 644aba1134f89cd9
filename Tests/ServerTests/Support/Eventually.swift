/// Waits for something that other tasks bring about.
///
/// - Throws: `NeverHappened` when it does not come; what `condition` throws.
func eventually(
    _ what: String, within limit: Duration = .seconds(120), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(description: "never: \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}
