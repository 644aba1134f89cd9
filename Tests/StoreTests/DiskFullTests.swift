import Corpus
import Foundation
import Store
import TestSupport
import Testing

@Suite struct DiskFullTests {
    /// A page of rows with texts of several database pages.
    private func page(_ number: Int) -> [Example] {
        (0..<4).map {
            Example(text: "\(number) \($0) " + String(repeating: "x", count: 6_000), target: .label("good"))
        }
    }

    @Test func `wherever the file can grow no more, rows and cursor stay together`() async throws {
        // Given a page that needs some database pages …
        let measured = try await Database.withLiveVersion()
        let before = try await pageCount(measured)
        _ = try await measured.recordPage(
            source: "feed", examples: page(0), rejected: [], state: "1", at: noon())
        let need = try await pageCount(measured) - before
        #expect(need > 4)

        for room in 0..<need {
            let store = try await Database.withLiveVersion()
            let limit = try await pageCount(store) + room
            try await store.execute("PRAGMA max_page_count = \(limit)")

            // … when there are fewer, it is told …
            await #expect(
                throws: StoreError.diskFull(path: ":memory:", operation: "storing a page of source feed")
            ) {
                _ = try await store.recordPage(
                    source: "feed", examples: page(0), rejected: [], state: "1", at: noon())
            }

            // … nothing of the page is there, what was there still is …
            #expect(try await store.counts().examples == 0)
            #expect(try await store.sources().isEmpty)
            #expect(try await store.livePromotion()?.version == 1)

            // … and with room again everything goes on.
            try await store.execute("PRAGMA max_page_count = 1000000")
            let receipt = try await store.recordPage(
                source: "feed", examples: page(0), rejected: [], state: "1", at: noon())
            #expect(receipt.inserted.count == 4)
            #expect(try await store.rows("PRAGMA integrity_check") == ["ok"])
        }
    }

    @Test(.enabled(if: TemporaryFileSystem.isPossible, "needs root, to mount a small file system"))
    func `a full disk costs nothing that was acknowledged, and writing goes on by itself`() async throws {
        let disk = try TemporaryFileSystem(size: "2m")
        let store = try await Database.withLiveVersion(at: disk.path + "/honed.sqlite")
        let ballast = disk.path + "/ballast"
        try Data(count: 900_000).write(to: URL(filePath: ballast))

        var acknowledged = 0
        var error: StoreError?
        while error == nil, acknowledged < 500 {
            do {
                _ = try await store.recordPage(
                    source: "feed", examples: page(acknowledged), rejected: [], state: "\(acknowledged)",
                    at: noon())
                acknowledged += 1
            } catch let full as StoreError {
                error = full
            }
        }

        guard case .diskFull = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("free some space") == true)
        #expect(acknowledged > 0)
        #expect(try await store.counts().examples == 4 * acknowledged)
        #expect(try await store.sources().first?.state == "\(acknowledged - 1)")

        try FileManager.default.removeItem(atPath: ballast)
        _ = try await store.recordPage(
            source: "feed", examples: page(acknowledged), rejected: [], state: "\(acknowledged)", at: noon())
        #expect(try await store.counts().examples == 4 * (acknowledged + 1))
        #expect(try await store.rows("PRAGMA integrity_check") == ["ok"])
    }

    @Test(.enabled(if: TemporaryFileSystem.isPossible, "needs root, to mount a small file system"))
    func `a model that does not fit is told and leaves nothing behind`() throws {
        let disk = try TemporaryFileSystem(size: "2m")
        let directory = try TemporaryDirectory()
        try directory.write("{}", to: "model/config.json")
        try Data(count: 3_000_000).write(to: URL(filePath: directory / "model/model.safetensors"))
        let registry = try ModelRegistry(root: disk.path + "/models")

        let error = #expect(throws: StoreError.self) { try registry.stage(copying: directory / "model") }

        guard case .diskFull = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/models/staging").isEmpty)

        try Data(count: 1_000_000).write(to: URL(filePath: directory / "model/model.safetensors"))
        _ = try registry.stage(copying: directory / "model")
    }

    private func pageCount(_ store: Database) async throws -> Int {
        Int(try await store.rows("PRAGMA page_count")[0])!
    }
}
