import Foundation
import Store
import Testing

@Suite struct VersionsTests {
    private let directory: TemporaryDirectory
    private let registry: ModelRegistry

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("weights", to: "model/model.safetensors")
        try directory.write("{}", to: "model/config.json")
        registry = try ModelRegistry(root: directory / "models")
    }

    private func draft(note: String = "", metrics: String = "{}") -> ModelVersion {
        ModelVersion(
            createdAt: noon(), origin: .imported, checksum: "", labels: ["bad", "good"],
            task: "text-classification", metrics: metrics, note: note)
    }

    @Test func `versions count from one and have their files`() async throws {
        let store = try Database.inMemory()

        let first = try await store.register(
            draft(note: "one"), folder: try registry.stage(copying: directory / "model"), in: registry)
        let second = try await store.register(
            draft(note: "two"), folder: try registry.stage(copying: directory / "model"), in: registry)

        #expect(first.version == 1)
        #expect(second.version == 2)
        let versions = try await store.versions()
        #expect(versions == [second, first])
        #expect(try await store.version(1) == first)
        #expect(try await store.version(3) == nil)
        #expect(try registry.verify(1) == first.checksum)
        #expect(try registry.verify(2) == first.checksum)
    }

    @Test func `a version whose row cannot be written takes no number`() async throws {
        let store = try Database.inMemory()
        let impossible = draft(metrics: "no json")
        let staged = try registry.stage(copying: directory / "model")

        await #expect(throws: StoreError.self) {
            _ = try await store.register(impossible, folder: staged, in: registry)
        }

        #expect(try await store.versions().isEmpty)
        // The folder lies there as after a crash between folder and row; the next one takes its place.
        #expect(FileManager.default.fileExists(atPath: registry.directory(of: 1)))

        let next = try await store.register(
            draft(), folder: try registry.stage(copying: directory / "model"), in: registry)

        #expect(next.version == 1)
        try registry.verify(1)
    }

    @Test func `two programs never give the same number`() async throws {
        let path = directory / "honed.sqlite"
        let stores = [try Database.open(at: path), try Database.open(at: path)]
        let staged = try (0..<8).map { _ in try registry.stage(copying: directory / "model") }

        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for (index, folder) in staged.enumerated() {
                let draft = draft()
                group.addTask { [registry] in
                    try await stores[index % 2].register(draft, folder: folder, in: registry).version
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }

        #expect(numbers == Set(1...8))
        for version in numbers { try registry.verify(version) }
    }

    @Test func `old versions lose their files but those that may be needed soon`() async throws {
        let store = try Database.inMemory()
        for _ in 1...7 {
            _ = try await store.register(
                draft(), folder: try registry.stage(copying: directory / "model"), in: registry)
        }
        _ = try await store.promote(version: 1, kind: .initial, at: noon())
        _ = try await store.promote(version: 3, kind: .promoted, at: noon(1))
        _ = try await store.promote(version: 4, kind: .promoted, at: noon(2))
        let run = TrainingRun(
            trigger: "manual", reason: "", requestedBy: "tester", baseVersion: 2, queuedAt: noon(3))
        _ = try await store.createRun(run)

        let retired = try await store.retireFolders(keeping: 2, in: registry)

        #expect(retired == [1, 5])
        for kept in [2, 3, 4, 6, 7] { try registry.verify(kept) }
        #expect(throws: StoreError.self) { try registry.verify(1) }
        #expect(try await store.versions().count == 7)
        #expect(try await store.retireFolders(keeping: 2, in: registry).isEmpty)
        #expect(try registry.sweepOrphans(known: Set(1...7)).isEmpty)
    }

    @Test func `the last promotion says which version is live`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.addVersion(2)

        let second = try await store.promote(version: 2, kind: .promoted, at: noon(60))
        #expect(second.previousVersion == 1)
        #expect(try await store.livePromotion() == second)

        let third = try await store.promote(version: 1, kind: .rollback, at: noon(120))
        #expect(third.previousVersion == 2)
        #expect(try await store.livePromotion()?.version == 1)
        #expect(try await store.promotions(limit: 9).map(\.kind) == [.rollback, .promoted, .initial])
        #expect(try await store.promotions(limit: 1) == [third])
    }

    @Test(arguments: Promotion.Kind.allCases)
    func `the live version is promoted again only by force`(_ kind: Promotion.Kind) async throws {
        let store = try await Database.withLiveVersion()

        if kind == .forced {
            #expect(try await store.promote(version: 1, kind: kind, at: noon(60)).previousVersion == 1)
        } else {
            await #expect(throws: StoreError.alreadyLive(1)) {
                _ = try await store.promote(version: 1, kind: kind, at: noon(60))
            }
            #expect(try await store.promotions(limit: 9).count == 1)
        }
    }

    @Test func `a version that is not there cannot be live`() async throws {
        let store = try await Database.withLiveVersion()

        await #expect(throws: StoreError.noSuchVersion(7)) {
            _ = try await store.promote(version: 7, kind: .forced, at: noon())
        }
    }

    @Test func `a run ends in the transaction that makes its version live`() async throws {
        let store = try await Database.withLiveVersion()
        let run = try await store.judgingRun()
        try await store.addVersion(2, runID: run)

        _ = try await store.promote(version: 2, kind: .promoted, runID: run, at: noon(60))

        let ended = try #require(try await store.run(run))
        #expect(ended.state == .promoted)
        #expect(ended.challengerVersion == 2)
        #expect(ended.finishedAt == noon(60))
        #expect(try await store.interruptedRuns(at: noon(61)).isEmpty)
    }

    @Test func `a promotion that cannot be written changes neither run nor live version`() async throws {
        let store = try await Database.withLiveVersion()
        let run = try await store.judgingRun()
        try await store.addVersion(2, runID: run)
        try await store.execute(
            "CREATE TRIGGER breaks BEFORE INSERT ON promotion BEGIN SELECT raise(ABORT, 'injected'); END")

        await #expect(throws: StoreError.self) {
            _ = try await store.promote(version: 2, kind: .promoted, runID: run, at: noon(60))
        }

        #expect(try await store.livePromotion()?.version == 1)
        #expect(try await store.run(run)?.state == .judging)
    }
}
