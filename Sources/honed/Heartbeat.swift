import Honing
import ServiceLifecycle

/// Tells the service manager that the daemon works, by letting it work: each beat is a prediction
/// that went through queue, compute thread and model. A daemon that only runs is not alive.
struct Heartbeat: Service {
    let loop: Loop
    let manager: ServiceManager

    func run() async throws {
        let interval = manager.watchdogInterval.map { $0 / 3 } ?? .seconds(5)
        let ticks = AsyncStream<Void> {
            try? await Task.sleep(for: interval)
            return Task.isCancelled ? nil : ()
        }
        for await _ in ticks.cancelOnGracefulShutdown() {
            guard await loop.isAlive() else { continue }
            manager.notify(.watchdog)
            if let status = try? await loop.status() { manager.notify(.status(status.line)) }
        }
        manager.notify(.stopping)
    }
}
