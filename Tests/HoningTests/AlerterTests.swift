import Foundation
import Honing
import Ingest
import Logging
import Store
import Synchronization
import Testing

/// From the rows of the store to a real program that is told.
@Suite struct AlerterTests {
    /// A store with an alarm to come, a program of one's own, and a clock.
    private final class Scene: Sendable {
        let folder: String
        let store: Database
        let clock = Mutex(Date(timeIntervalSince1970: 1_795_420_800))

        init() async throws {
            folder = FileManager.default.temporaryDirectory.path + "/hone-alerts-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            store = try Database.inMemory()
            try await store.execute(
                """
                INSERT INTO modelVersion VALUES (1, NULL, NULL, '2026-01-09 12:00:00.000', 'imported',
                  '\(String(repeating: "a", count: 64))', '["bad","good"]', 'text-classification', '{}', '{}', '')
                """)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        var now: Date { clock.withLock { $0 } }
        func wait(_ seconds: Double) { clock.withLock { $0.addTimeInterval(seconds) } }

        /// Writes an executable script.
        func script(_ name: String, _ lines: String) throws -> String {
            let path = folder + "/" + name
            try Data("#!/bin/sh\ncd '\(folder)' || exit 9\n\(lines)\n".utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            return path
        }

        func text(_ name: String) -> String {
            (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
        }

        /// A daemon's teller; a new one for each start of the daemon.
        func alerter(_ commands: [AlertSettings.Command]) -> Alerter {
            var settings = AlertSettings()
            settings.commands = commands
            return Alerter(
                store: store, settings: settings, modelName: "films", home: "http://127.0.0.1:8080/",
                folder: folder, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                client: WebClient(), now: { self.now }
            ) { _ in DriftReportBuilder(try Story.facts(.alarm)).report() }
        }

        func alarm() async throws {
            try await store.insert(
                detection: Detection(
                    at: now, detector: "Shiryaev-Roberts", verdict: "drift", evidence: 4.4, threshold: 4.3,
                    modelVersion: 1))
        }
    }

    private func command(_ words: [String], timeout: Duration = .seconds(60)) -> AlertSettings.Command {
        var command = AlertSettings.Command()
        (command.name, command.command, command.timeout) = ("pager", words, timeout)
        return command
    }

    @Test func `an alarm is told until it was taken, once, by whichever daemon lives`() async throws {
        let scene = try await Scene()
        // Fails twice, then takes it.
        let pager = try scene.script("pager", "cat >>told; echo >>tries; test \"$(wc -l <tries)\" -ge 3")
        try await scene.alerter([command([pager])]).round()
        try await scene.alarm()

        for _ in 0..<6 {
            // Each time another daemon, as if the one before had been killed.
            try await scene.alerter([command([pager])]).round()
            scene.wait(1_000)
        }

        let messages = scene.text("told").split(separator: "\n")
        #expect(messages.count == 3 && Set(messages).count == 1)
        let message: AlertMessage = try decoded(String(messages[0]))
        #expect(message.id == "detection/1" && message.kind == .driftAlarm && message.model == "films")
        #expect(message.accuracy != nil && message.link == "http://127.0.0.1:8080/")
        let stored = try #require(try await scene.store.alerts(limit: 9).first)
        #expect(stored.state == .delivered && stored.attempts == 2)
    }

    @Test func `what happened before somebody wanted to know is not told`() async throws {
        let scene = try await Scene()
        let pager = try scene.script("pager", "cat >>told")
        try await scene.alarm()
        scene.wait(1)

        try await scene.alerter([command([pager])]).round()

        #expect(scene.text("told") == "")
        #expect(try await scene.store.alerts(limit: 9).isEmpty)
    }

    @Test func `a message that is refused waits with its reason and does not keep the next round`()
        async throws
    {
        let scene = try await Scene()
        let pager = try scene.script("pager", "echo 'the line is dead' >&2; exit 3")
        let alerter = scene.alerter([command([pager])])
        try await alerter.round()
        try await scene.alarm()

        try await alerter.round()
        try await alerter.round()

        let delivery = try #require(try await scene.store.alertDeliveries().first)
        #expect(delivery.waiting == 1 && delivery.nextAttemptAt.map { $0 > scene.now } == true)
        #expect(delivery.lastError?.contains("ended with status 3: the line is dead") == true)
        #expect(try await scene.store.alerts(limit: 1).first?.attempts == 1)
        scene.wait(4 * 86_400)
        try await alerter.round()
        #expect(try await scene.store.alertDeliveries().first?.abandoned == 1)
    }

    @Test func `settings that change are obeyed, and a channel that is gone is told no more`() async throws {
        let scene = try await Scene()
        let pager = try scene.script("pager", "exit 1")
        let alerter = scene.alerter([command([pager])])
        try await alerter.round()
        try await scene.alarm()
        try await alerter.round()

        await alerter.apply(AlertSettings())
        try await alerter.round()

        #expect(try await scene.store.alertDeliveries().isEmpty)
        #expect(try await scene.store.alerts(limit: 1).first?.state == .abandoned)
    }

    // MARK: The command

    private func hook(_ scene: Scene, _ words: [String], timeout: Duration = .seconds(60)) -> AlertCommand {
        AlertCommand(arguments: words, timeout: timeout, folder: scene.folder, name: "pager")
    }

    @Test func `arguments reach the program as they stand, and of the environment next to nothing`()
        async throws
    {
        let scene = try await Scene()
        let pager = try scene.script("pager", #"printf '%s\n' "$@" >words; env >environment; cat >message"#)
        let words = ["$HOME; touch broken", "a  b", "", "`id`"]

        try await hook(scene, [pager] + words).run(message: #"{"id":"x"}"#)

        #expect(scene.text("words") == words.joined(separator: "\n") + "\n")
        #expect(scene.text("message") == "{\"id\":\"x\"}\n")
        let names = scene.text("environment").split(separator: "\n").map { $0.prefix { $0 != "=" } }
        // The shell itself adds PWD and the like.
        #expect(Set(names).isSubset(of: ["PATH", "LANG", "PWD", "OLDPWD", "SHLVL", "_"]), "\(names)")
        #expect(!FileManager.default.fileExists(atPath: scene.folder + "/pager.json"))
    }

    @Test func `a program that does not end is ended, with what it started`() async throws {
        let scene = try await Scene()
        let pager = try scene.script("pager", "sleep 600 & echo $! >child; wait")

        let error = await #expect(throws: AlertCommandError.self) {
            try await hook(scene, [pager], timeout: .seconds(1)).run(message: "{}")
        }

        #expect(error == .timedOut(pager, after: .seconds(1)))
        let child = try #require(Int32(scene.text("child").split(separator: "\n")[0]))
        // One that ended is gone, or waits to be reaped by the system.
        func lives() -> Bool {
            let state = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ") Z"
            return !state.contains(") Z")
        }
        for _ in 0..<500 where lives() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!lives())
    }

    @Test func `a program that is not there is told with its path`() async throws {
        let scene = try await Scene()
        let error = await #expect(throws: AlertCommandError.self) {
            try await hook(scene, ["/nowhere/pager"]).run(message: "{}")
        }
        #expect(error?.description.hasPrefix("/nowhere/pager is no program") == true)
    }
}
