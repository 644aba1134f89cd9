import Foundation
import Honing
import Server
import TestSupport

/// All of the daemon but its process: the loop's services, the door on a loopback address of its
/// own, and the control socket.
struct LivingDaemon: Sendable {
    let loop: Loop
    /// With the places that were made up for this test.
    let configuration: HonedConfiguration
    /// The public face.
    let door: LoopbackClient
    /// The operator's face.
    let control: LoopbackClient
    let socket: String

    /// Runs the daemon beside `body` and ends it.
    static func run(
        _ configuration: HonedConfiguration = LivingLoop.configuration(),
        _ body: @Sendable (LivingDaemon) async throws -> Void
    ) async throws {
        var configuration = configuration
        // All of 127.0.0.0/8 is this machine: tests that run at once do not meet.
        configuration.server.host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).1"
        configuration.server.port = Int.random(in: 20_000...30_000)
        configuration.control.socket = configuration.dataDirectory + "/control.sock"
        let settings = configuration
        try await LivingLoop.run(settings) { loop, log in
            [
                try controlServer(
                    loop, settings: settings.control, limits: settings.server.limits, log: log),
                publicServer(loop, settings: settings.server, log: log),
            ]
        } _: { loop in
            let daemon = LivingDaemon(
                loop: loop, configuration: settings,
                door: LoopbackClient(place: .tcp(host: settings.server.host, port: settings.server.port)),
                control: LoopbackClient(place: .unix(path: settings.control.socket)),
                socket: settings.control.socket)
            try await eventually("both faces answer") {
                let door = try? await daemon.door.get("/health")
                let control = try? await daemon.control.get("/health")
                return door?.status == 200 && control?.status == 200
            }
            try await body(daemon)
        }
    }
}
