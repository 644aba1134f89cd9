import Foundation
import Glibc
import Synchronization
import Testing

/// What the daemon tells whoever manages it, by the protocol of `sd_notify`.
@Suite struct ServiceManagerTests {
    @Test(.enabled(if: HonedProcess.isBuilt, "needs honed beside the tests"))
    func `a service manager hears when the daemon is ready, alive, reloading and stopping`() async throws {
        let manager = try NotifySocket()
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).3"
        let settings = "server: {host: \(host), port: \(Int.random(in: 20_000...30_000))}\n"

        let daemon = try await HonedProcess(
            settings, environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "600000"])
        try await manager.hears("READY=1")
        // Alive is who still answers: a beat is a prediction.
        try await manager.hears("WATCHDOG=1")
        try await manager.hears("STATUS=version 1: 0 requests")

        daemon.signal(SIGHUP)
        try await manager.hears("RELOADING=1\nMONOTONIC_USEC=")
        try await manager.hears("READY=1", times: 2)

        daemon.signal(SIGTERM)
        try await manager.hears("STOPPING=1")
        #expect(try await daemon.ended() == 0)
    }

    @Test(.enabled(if: HonedProcess.isBuilt, "needs honed beside the tests"))
    func `a place that cannot be had is told in a sentence`() async throws {
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).4"
        let settings = "server: {host: \(host), port: \(Int.random(in: 20_000...30_000))}\n"
        let first = try await HonedProcess(settings)

        let taken = try await HonedProcess(starting: settings)
        #expect(try await taken.ended() == 1)
        #expect(taken.log.contains("nothing can listen on \(host):"), "\(taken.log)")
        #expect(taken.log.contains("give server.host and server.port other values"))

        let keyless = try await HonedProcess(
            starting: settings.replacing("}", with: ", api_key_file: \(first.folder)/no-key}"))
        #expect(try await keyless.ended() == 78)
        #expect(keyless.log.contains("no-key (server.api_key_file) cannot be used: there is no such file"))
        for log in [taken.log, keyless.log] { #expect(!log.contains("Error Domain"), "\(log)") }
    }
}

/// The end at which a service manager listens.
private final class NotifySocket: Sendable {
    let path = NSTemporaryDirectory() + "notify-" + UUID().uuidString
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let isBound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound)
    }

    deinit {
        close(descriptor)
        unsafe unlink(path)
    }

    /// Waits until messages came that begin with `text`, as many as `times`, the earlier ones counted.
    func hears(_ text: String, times: Int = 1) async throws {
        try await eventually("the service manager hears \(text)", within: .seconds(30)) {
            heard.withLock { heard in
                var buffer = [UInt8](repeating: 0, count: 4_096)
                while case let count = unsafe recv(
                    descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)),
                    count > 0
                {
                    heard.append(String(decoding: buffer.prefix(count), as: UTF8.self))
                }
                return heard.count { $0.hasPrefix(text) } >= times
            }
        }
    }

    private let heard = Mutex<[String]>([])
}
