import Foundation
import Glibc
import Store
import TestSupport
import Testing

@Suite struct ReadOnlyTests {
    private let directory: TemporaryDirectory
    private var path: String { directory / "honed.sqlite" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `it reads beside the daemon and sees what comes in`() async throws {
        let daemon = try await Database.withLiveVersion(at: path)
        let reader = try Database.openReadOnly(at: path)
        #expect(try await reader.counts().examples == 0)

        try await daemon.fetch(examples(0..<5))

        #expect(try await reader.counts().examples == 5)
    }

    @Test func `it reads when no daemon runs and changes nothing`() async throws {
        do {
            let daemon = try await Database.withLiveVersion(at: path)
            try await daemon.fetch(examples(0..<5))
        }
        let before = try Data(contentsOf: URL(filePath: path))

        do {
            let reader = try Database.openReadOnly(at: path)
            #expect(try await reader.counts().examples == 5)
        }

        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func `it refuses to write and says who may`() async throws {
        let daemon = try await Database.withLiveVersion(at: path)
        let reader = try Database.openReadOnly(at: path)

        await #expect(throws: StoreError.readOnly(path: path, operation: "importing 1 rows")) {
            try await reader.importExamples(examples(0..<1), source: "import", at: noon())
        }

        #expect(try await daemon.counts().examples == 0)
    }

    @Test func `a missing file is told and not made`() throws {
        let error = #expect(throws: StoreError.self) { try Database.openReadOnly(at: path) }

        #expect(error?.description.contains("there is no such file") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func `a directory that cannot be written is no hindrance after a clean stop`() async throws {
        do {
            let daemon = try await Database.withLiveVersion(at: path)
            try await daemon.fetch(examples(0..<5))
        }
        let locked = try ReadOnlyCopy(of: directory)

        let reader = try Database.openReadOnly(at: locked.path + "/honed.sqlite")

        #expect(try await reader.counts().examples == 5)
    }

    @Test func `a directory that cannot be written is no hindrance after a crash`() async throws {
        let daemon = try await Database.withLiveVersion(at: path)
        try await daemon.fetch(examples(0..<5))
        // The copy is what a killed daemon leaves behind: a log that nobody has put into the file.
        let locked = try ReadOnlyCopy(of: directory)

        let reader = try Database.openReadOnly(at: locked.path + "/honed.sqlite")

        #expect(try await reader.counts().examples == 5)
    }

    @Test(.enabled(if: ReadOnlyCopy.isPossible, "needs a directory that this user cannot write"))
    func `a log that cannot be read for want of its index is told with a remedy`() async throws {
        let daemon = try await Database.withLiveVersion(at: path)
        try await daemon.fetch(examples(0..<5))
        let locked = try ReadOnlyCopy(of: directory, without: "honed.sqlite-shm")

        let error = #expect(throws: StoreError.self) {
            try Database.openReadOnly(at: locked.path + "/honed.sqlite")
        }

        #expect(error?.description.contains("start honed, which puts it in order") == true)
    }
}

/// A copy of a directory in which nobody may write, not even root: for root it is a read-only file
/// system in memory.
private final class ReadOnlyCopy {
    let path: String
    private let mounted: TemporaryFileSystem?

    /// Whether the right to write can be taken from this very process.
    static let isPossible = geteuid() != 0 || TemporaryFileSystem.isPossible

    init(of directory: TemporaryDirectory, without left: String? = nil) throws {
        mounted = try? TemporaryFileSystem(size: "8m")
        path = mounted?.path ?? directory.path + "-locked"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) where name != left {
            try FileManager.default.copyItem(atPath: directory.path + "/" + name, toPath: path + "/" + name)
        }
        if let mounted { mounted.makeReadOnly() } else { _ = unsafe chmod(path, 0o555) }
    }

    deinit {
        guard mounted == nil else { return }
        _ = unsafe chmod(path, 0o755)
        try? FileManager.default.removeItem(atPath: path)
    }
}
