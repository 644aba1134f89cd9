import Foundation
import Glibc
import Honing
import Logging
import Server
import Testing

/// The operator's face, over a real Unix socket.
@Suite struct ControlSocketTests {
    @Test func `the socket is for its owner and group alone`() async throws {
        try await LivingDaemon.run { daemon in
            var info = stat()
            #expect(unsafe lstat(daemon.socket, &info) == 0)
            #expect(info.st_mode & S_IFMT == S_IFSOCK)
            #expect(String(info.st_mode & 0o777, radix: 8) == "660")
        }
    }

    @Test func `a socket that was left behind is replaced, and one that answers is not`() async throws {
        try await LivingDaemon.run { daemon in
            // Given the socket of a daemon that was killed …
            let left = daemon.socket + ".left"
            try leaveSocket(at: left)
            // … and that of one that lives:
            var settings = ControlSettings()
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

            settings.socket = left
            _ = try controlServer(daemon.loop, settings: settings, limits: .init(), log: log)
            #expect(!FileManager.default.fileExists(atPath: left))

            settings.socket = daemon.socket
            let error = #expect(throws: ControlSocketError.self) {
                _ = try controlServer(daemon.loop, settings: settings, limits: .init(), log: log)
            }
            #expect(error?.description.contains("another daemon answers") == true)
            #expect(try await daemon.control.get("/status").status == 200)

            settings.socket = daemon.socket + ".file"
            try Data("mine".utf8).write(to: URL(filePath: settings.socket))
            let other = #expect(throws: ControlSocketError.self) {
                _ = try controlServer(daemon.loop, settings: settings, limits: .init(), log: log)
            }
            #expect(other?.description.contains("a file that is no socket") == true)
            #expect(FileManager.default.fileExists(atPath: settings.socket))
        }
    }

    @Test func `status, report and versions are read`() async throws {
        try await LivingDaemon.run { daemon in
            _ = try await daemon.control.post("/predict", #"{"inputs":"a good film"}"#)

            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.model?.version == 1)
            #expect(status.serving.requests == 1)

            let report: DriftReport = try await daemon.control.get("/report?since=2026-01-01T00:00:00Z")
                .decode()
            #expect(report.since == Date(timeIntervalSince1970: 1_767_225_600))

            let versions: [ModelSummary] = try await daemon.control.get("/versions").decode()
            #expect(versions.map(\.version) == [1])
            #expect(versions.map(\.isLive) == [true])

            #expect(try await daemon.control.get("/info").status == 200)
            #expect(try await daemon.control.get("/ping").status == 200)
        }
    }

    @Test func `a model is imported, promoted and rolled back`() async throws {
        try await LivingDaemon.run { daemon in
            let order =
                #"{"folder":"\#(LivingLoop.tinyBert)","requestedBy":"ada","reason":"second","promote":false}"#
            let imported: ImportReceipt = try await daemon.control.post("/import", order).decode()
            #expect(imported.version == 2)
            #expect(!imported.isLive)

            let promoted: PromotionReceipt = try await daemon.control.post(
                "/promote", #"{"version":2,"reason":"a try","requestedBy":"ada","force":true}"#
            ).decode()
            #expect(promoted.version == 2)
            #expect(promoted.previousVersion == 1)
            #expect(try await daemon.door.get("/health").headers["x-model-version"] == "2")

            let back: PromotionReceipt = try await daemon.control.post(
                "/rollback", #"{"requestedBy":"ada"}"#
            ).decode()
            #expect(back.version == 1)
            #expect(back.reason.contains("ada"))
            #expect(try await daemon.door.get("/health").headers["x-model-version"] == "1")
        }
    }

    @Test func `a retrain is accepted under a number by which it can be followed`() async throws {
        try await LivingDaemon.run { daemon in
            let answer = try await daemon.control.post("/retrain", #"{"requestedBy":"ada","force":false}"#)
            #expect(answer.status == 202)
            let number = try #require(try answer.decode([String: Int].self)["run"])

            // Nobody sent a label yet, so that there is nothing to train on.
            try await eventually("the run has ended") {
                let run: RunSummary = try await daemon.control.get("/runs/\(number)").decode()
                return run.isFinished
            }
            let run: RunSummary = try await daemon.control.get("/runs/\(number)").decode()
            #expect(run.state == .failed)
            #expect(run.requestedBy == "ada")
            #expect(run.error?.contains("fetch more with `hone fetch`") == true)
        }
    }

    @Test func `a source is fetched by name`() async throws {
        let source = StubSource { page in
            page == 0 ? [.init(text: "a good film", label: "positive")] : []
        }
        try await source.serve { url in
            var configuration = LivingLoop.configuration()
            var settings = SourceSettings()
            settings.name = "talk"
            settings.url = url
            settings.cursor.kind = .page
            settings.interval = .seconds(3_600)
            configuration.sources = [settings]
            try await LivingDaemon.run(configuration) { daemon in
                let receipts: [Intake.Receipt] = try await daemon.control.post(
                    "/fetch", #"{"source":"talk"}"#
                ).decode()
                #expect(receipts.map(\.source) == ["talk"])
                let status: Status = try await daemon.control.get("/status").decode()
                #expect(status.store.examples == 1)
            }
        }
    }
}

/// Binds a socket to a path and lets it go, as a daemon does that is killed.
private func leaveSocket(at path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    let isBound = unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
    try #require(isBound)
}
