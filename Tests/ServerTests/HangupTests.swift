import Foundation
import Glibc
import Honing
import Testing

/// SIGHUP and SIGTERM, sent to the daemon itself.
@Suite struct HangupTests {
    @Test(.enabled(if: HonedProcess.isBuilt, "needs honed beside the tests"))
    func `a hang-up reads the file again, a broken file changes nothing, and a term ends it`() async throws {
        let port = Int.random(in: 20_000...30_000)
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).2"
        let server = "server: {host: \(host), port: \(port)}\n"
        let daemon = try await HonedProcess(server)

        // Given a file with one setting that can be taken over and one that cannot …
        try daemon.write("server: {host: \(host), port: \(port + 1)}\nwatching: {window: 1000}\n")
        daemon.signal(SIGHUP)
        try await eventually("the reload is told") { daemon.log.contains("the configuration was reloaded") }
        #expect(daemon.log.contains("watching.window: 500 → 1000"))
        #expect(daemon.log.contains("server.port: \(port) → \(port + 1) (after a restart)"))

        // … then one with a mistake …
        try daemon.write(server + "watching: {windw: 2000}\n")
        daemon.signal(SIGHUP)
        try await eventually("the mistake is told") { daemon.log.contains("was not reloaded") }
        #expect(daemon.log.contains("the old one stays in force"))
        #expect(daemon.log.contains("did you mean"), "\(daemon.log)")

        // … the daemon goes on at its old port …
        let door = LoopbackClient(place: .tcp(host: host, port: port))
        #expect(try await door.post("/predict", #"{"inputs":"a good film"}"#).status == 200)

        // … takes a good file again …
        try daemon.write(server + "watching: {window: 700}\n")
        daemon.signal(SIGHUP)
        try await eventually("the second reload is told") {
            daemon.log.contains("watching.window: 1000 → 700")
        }

        // … and ends when it is told to, leaving no socket that answers.
        daemon.signal(SIGTERM)
        #expect(try await daemon.ended() == 0)
        await #expect(throws: LoopbackClient.Silence.self) { try await daemon.control.get("/health") }
    }
}
