import Corpus
import Foundation
import Store
import Testing

/// What a version was made of stays known.
@Suite struct LineageTests {
    private let directory: TemporaryDirectory
    private let registry: ModelRegistry

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("weights", to: "model/model.safetensors")
        try directory.write("{}", to: "model/config.json")
        registry = try ModelRegistry(root: directory / "registry")
    }

    private func register(_ store: Database, _ snapshot: Snapshot) async throws -> Int {
        try await store.register(
            ModelVersion(
                parent: 1, createdAt: noon(), origin: .trained, checksum: "", labels: ["bad", "good"],
                task: "text-classification", arguments: #"{"seed":7}"#),
            folder: try registry.stage(copying: directory / "model"), in: registry,
            lineage: LineageDraft(
                trigger: "accuracy", requestedBy: "policy", gateID: nil,
                baseChecksum: String(repeating: "a", count: 64), provenance: #"{"kernels":"avx2"}"#,
                snapshot: snapshot)
        ).version
    }

    @Test func `the rows of a training come back in their order`() async throws {
        let store = try await Database.withLiveVersion()
        let rows = try await store.fetch(examples(0..<9)).inserted
        let snapshot = Snapshot(training: rows[3..<8].reversed(), development: [rows[8], rows[0]])

        let version = try await register(store, snapshot)

        let stored = try await store.snapshot(of: version)
        let lineage = try #require(try await store.lineage(of: version))
        #expect(stored.training.map(\.id) == [8, 7, 6, 5, 4])
        #expect(stored.development.map(\.id) == [9, 1])
        #expect(lineage.snapshotHash == snapshot.hash && stored.hash == snapshot.hash)
        #expect(lineage.trainingRows == 5 && lineage.developmentRows == 2)
        #expect(try await store.lineage(of: 1) == nil)
        #expect(
            try await store.rows(
                "SELECT version, parent, trigger, requested_by, training_rows, seed FROM version_lineage")
                == ["2|1|accuracy|policy|5|7"])
    }

    @Test func `another order or another side is another snapshot`() async throws {
        let store = try await Database.withLiveVersion()
        let rows = try await store.fetch(examples(0..<3)).inserted
        let one = Snapshot(training: rows, development: [])

        #expect(one.hash != Snapshot(training: rows.reversed(), development: []).hash)
        #expect(one.hash != Snapshot(training: [rows[0], rows[1]], development: [rows[2]]).hash)
    }

    @Test(arguments: ["UPDATE lineage SET requestedBy = 'eve'", "DELETE FROM lineage"])
    func `where a version came from stays written`(_ statement: String) async throws {
        let store = try await Database.withLiveVersion()
        let rows = try await store.fetch(examples(0..<3)).inserted
        _ = try await register(store, Snapshot(training: rows, development: []))

        await #expect(throws: StoreError.self) { try await store.execute(statement) }
    }
}
