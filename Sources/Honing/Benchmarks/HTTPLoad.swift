import Drift
import Foundation
import Synchronization

/// Clients of a daemon: sends sentences to its `/predict`, each as a request of its own.
struct HTTPLoad: Sendable {
    let host: String
    let port: Int

    /// All sentences once.
    struct Pass: Sendable {
        var seconds = 0.0
        var processorSeconds = 0.0
        var milliseconds: [Double] = []
        var tokens = 0
        var failed = 0
    }

    func connection() throws(HTTPBenchmarkError) -> HTTPConnection {
        try HTTPConnection(host: host, port: port)
    }

    func request(_ text: String) throws -> [UInt8] {
        let body = try JSONEncoder().encode(["inputs": text])
        let head = """
            POST /predict HTTP/1.1\r\nHost: \(host):\(port)\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.count)\r\n\r\n
            """
        return Array(head.utf8) + body
    }

    /// Each connection takes the next sentence as soon as it has the answer to its last, and not before
    /// it is due.
    func pass(_ requests: [[UInt8]], connections: Int, due: [Duration]? = nil) throws -> Pass {
        let work = Work(requests, on: self, due: due)
        let (begun, used) = (ContinuousClock.now, processorSeconds())
        let threads = (0..<connections).map { _ in Thread { work.send() } }
        for thread in threads {
            work.group.enter()
            thread.start()
        }
        work.group.wait()
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        if let failure = work.failure.withLock({ $0 }) { throw failure }
        var pass = work.pass.withLock { $0 }
        pass.seconds = seconds
        pass.processorSeconds = processorSeconds() - used
        return pass
    }
}

/// What the connections' threads share.
private final class Work: Sendable {
    let pass = Mutex(HTTPLoad.Pass())
    let failure = Mutex<HTTPBenchmarkError?>(nil)
    let group = DispatchGroup()
    private let requests: [[UInt8]]
    private let server: HTTPLoad
    private let due: [Duration]?
    private let begun = ContinuousClock.now
    private let next = Atomic(0)

    init(_ requests: [[UInt8]], on server: HTTPLoad, due: [Duration]?) {
        self.requests = requests
        self.server = server
        self.due = due
    }

    /// Sleeps until a request is due. Latency counts from then.
    private func start(of index: Int) -> ContinuousClock.Instant {
        guard let due else { return .now }
        let start = begun + due[index]
        let pause = (start - .now) / .seconds(1)
        if pause > 0 { Thread.sleep(forTimeInterval: pause) }
        return start
    }

    /// Runs on a thread of its own until no sentence is left.
    func send() {
        defer { group.leave() }
        var own = HTTPLoad.Pass()
        do throws(HTTPBenchmarkError) {
            var connection = try server.connection()
            while case let index = next.add(1, ordering: .relaxed).oldValue, index < requests.count {
                let begun = start(of: index)
                let answer = try connection.send(requests[index])
                own.milliseconds.append((ContinuousClock.now - begun) / .milliseconds(1))
                own.tokens += answer.tokens
                if answer.status != 200 { own.failed += 1 }
                if answer.isLast { connection = try server.connection() }
            }
        } catch {
            failure.withLock { $0 = error }
        }
        let done = own
        pass.withLock {
            $0.milliseconds += done.milliseconds
            $0.tokens += done.tokens
            $0.failed += done.failed
        }
    }
}

/// Moments of a Poisson process: independent exponential gaps, the same for the same seed.
func arrivals(_ count: Int, perSecond rate: Double, seed: UInt64) -> [Duration] {
    var chance = SplitMix64(seed: seed)
    var moment = 0.0
    return (0..<count).map { _ in
        moment -= log(1 - chance.uniform()) / rate
        return .seconds(moment)
    }
}
