import Corpus
import Foundation
import Store

/// A directory that goes when the test does.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/hone-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    static func / (directory: TemporaryDirectory, name: String) -> String { directory.path + "/" + name }

    func write(_ text: String, to name: String) throws {
        let path = path + "/" + name
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/" + parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}

/// A moment of the tests: seconds after noon of a day in January.
func noon(_ seconds: Double = 0) -> Date { Date(timeIntervalSince1970: 1_767_960_000 + seconds) }

func examples(_ range: Range<Int>, label: String = "good") -> [Example] {
    range.map { Example(text: "row \($0)", target: .label(label)) }
}

func prediction(_ request: String, _ text: String, version: Int = 1, at: Date = noon()) -> StoredPrediction {
    StoredPrediction(
        requestID: request, item: 0, modelVersion: version, text: text, label: "good", confidence: 0.9,
        probabilities: [0.1, 0.9], tokens: 4, unknownTokens: 1, createdAt: at)
}

func outcome(
    _ example: Int64, version: Int = 1, isWrong: Bool = false, at: Date = noon()
) -> StoredOutcome {
    StoredOutcome(
        exampleID: example, modelVersion: version, predictedLabel: isWrong ? "bad" : "good", label: "good",
        loss: isWrong ? 1 : 0, lossInNats: isWrong ? 2.5 : 0.1, confidence: 0.9, probabilities: [0.1, 0.9],
        tokens: 4, unknownTokens: 1, scoredAt: at)
}

extension Database {
    /// Registers a version without files.
    func addVersion(_ version: Int, runID: Int64? = nil) async throws {
        let checksum = String(repeating: "a", count: 64)
        try await execute(
            """
            INSERT INTO modelVersion VALUES (\(version), NULL, \(runID.map(String.init) ?? "NULL"),
              '2026-01-09 12:00:00.000', 'imported', '\(checksum)', '["bad","good"]', 'text-classification',
              '{}', '{}', '')
            """)
    }

    /// A database of one version, which is live.
    static func withLiveVersion(at path: String? = nil) async throws -> Database {
        let store = try path.map { try Database.open(at: $0) } ?? Database.inMemory()
        try await store.addVersion(1)
        _ = try await store.promote(version: 1, kind: .initial, at: noon())
        return store
    }

    func promote(version: Int, kind: Promotion.Kind, runID: Int64? = nil, at: Date) async throws -> Promotion
    {
        try await promote(
            version: version, kind: kind, reason: "a test", actor: "tester", runID: runID, referenceErrors: 8,
            referenceCount: 100, at: at)
    }

    /// Fetches a page without a cursor.
    @discardableResult
    func fetch(_ rows: [Example], at: Date = noon()) async throws -> PageReceipt {
        try await recordPage(source: "feed", examples: rows, rejected: [], state: nil, at: at)
    }

    /// Stores feedback whose labels must be among some; `nil` for any.
    func recordFeedback(
        _ feedback: [Feedback], labels: [String]?, at now: Date
    ) async throws -> [FeedbackOutcome] {
        try await recordFeedback(feedback, at: now) { example in
            guard let labels, let label = example.label, !labels.contains(label) else { return nil }
            return "the label \"\(label)\" is not one of \(labels.joined(separator: ", "))"
        }
    }

    func run(_ trigger: String = "manual") -> TrainingRun {
        TrainingRun(
            trigger: trigger, reason: "a test", requestedBy: "tester", baseVersion: 1, queuedAt: noon())
    }

    /// A run that waits for its verdict.
    func judgingRun(at: Date = noon()) async throws -> Int64 {
        let id = try await createRun(run()).id!
        try await startRun(id, directory: "runs/0001", trainingRows: 3, at: at)
        try await updateRun(id) { $0.state = .judging }
        return id
    }
}
