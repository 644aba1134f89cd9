import Foundation
import Synchronization
import Tensors

/// How fast a running daemon answers over HTTP: one sentence a request, on many connections at once and
/// on one; and how much of its engine's own speed that is.
///
/// The sentences are sent once a round. Client and server share the machine, as they do for whoever
/// measures at home, so what the client costs is part of what is found.
public struct HTTPBenchmark: Codable, Sendable, Equatable {
    public var url: String
    public var sentences: Int
    public var tokens: Int
    public var connections: Int
    public var tokensPerSecond: Double
    public var requestsPerSecond: Double
    /// Tokens a second of each round.
    public var rounds: [Double]
    /// Of all requests of all rounds, on `connections` connections.
    public var loadedP50Milliseconds: Double
    public var loadedP99Milliseconds: Double
    /// On one connection.
    public var p50Milliseconds: Double
    public var p99Milliseconds: Double
    /// What this process took of all processors while it asked on many connections: the client's part,
    /// which a client elsewhere would not cost.
    public var clientShare: Double
    /// Answers with another status than 200.
    public var failed: Int
    /// The engine by itself between the rounds, in this process; `nil` where no model was given.
    public var engineTokensPerSecond: Double?
    /// The median of the rounds' ratios.
    public var shareOfEngine: Double?

    /// - Parameters:
    ///   - url: `http://HOST:PORT`, with or without a path; `/predict` is asked.
    ///   - engine: the model that serves there, to compare with.
    public init(
        url: String, sentences: [String], connections: Int, rounds: Int, engine: ServingWork? = nil
    ) throws {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host else {
            throw HTTPBenchmarkError.badAddress(url)
        }
        let server = Server(host: host, port: parts.port ?? 80)
        let requests = try sentences.map { try server.request($0) }
        let first = try server.connection().send(requests[0])
        guard first.status == 200 else { throw HTTPBenchmarkError.refused(status: first.status) }

        var passes: [Pass] = []
        var engineRounds: [Double] = []
        _ = try server.pass(requests, connections: connections)
        _ = engine?.round()
        for _ in 0..<rounds {
            passes.append(try server.pass(requests, connections: connections))
            if let engine { engineRounds.append(engine.round()) }
        }
        let alone = try server.pass(requests, connections: 1)

        self.url = url
        self.sentences = sentences.count
        self.connections = connections
        tokens = passes[0].tokens
        self.rounds = passes.map { Double($0.tokens) / $0.seconds }
        tokensPerSecond = self.rounds.median
        requestsPerSecond = passes.map { Double($0.milliseconds.count) / $0.seconds }.median
        let loaded = passes.flatMap(\.milliseconds)
        loadedP50Milliseconds = loaded.quantile(0.5)
        loadedP99Milliseconds = loaded.quantile(0.99)
        p50Milliseconds = alone.milliseconds.quantile(0.5)
        p99Milliseconds = alone.milliseconds.quantile(0.99)
        clientShare =
            passes.reduce(0) { $0 + $1.processorSeconds } / passes.reduce(0) { $0 + $1.seconds }
            / Double(ProcessInfo.processInfo.activeProcessorCount)
        failed = passes.reduce(alone.failed) { $0 + $1.failed }
        if !engineRounds.isEmpty {
            engineTokensPerSecond = engineRounds.median
            shareOfEngine = zip(self.rounds, engineRounds).map { $0 / $1 }.median
        }
    }

    /// All sentences once.
    private struct Pass: Sendable {
        var seconds = 0.0
        var processorSeconds = 0.0
        var milliseconds: [Double] = []
        var tokens = 0
        var failed = 0
    }

    private struct Server: Sendable {
        let host: String
        let port: Int

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

        /// Each connection takes the next sentence as soon as it has the answer to its last.
        func pass(_ requests: [[UInt8]], connections: Int) throws -> Pass {
            let work = Work(requests, on: self)
            let (begun, used) = (ContinuousClock.now, HTTPBenchmark.processorSeconds())
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
            pass.processorSeconds = HTTPBenchmark.processorSeconds() - used
            return pass
        }
    }

    /// Of all threads of this process so far.
    private static func processorSeconds() -> Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
    }

    /// What the connections' threads share.
    private final class Work: Sendable {
        let pass = Mutex(Pass())
        let failure = Mutex<HTTPBenchmarkError?>(nil)
        let group = DispatchGroup()
        private let requests: [[UInt8]]
        private let server: Server
        private let next = Atomic(0)

        init(_ requests: [[UInt8]], on server: Server) {
            self.requests = requests
            self.server = server
        }

        /// Runs on a thread of its own until no sentence is left.
        func send() {
            defer { group.leave() }
            var own = Pass()
            do throws(HTTPBenchmarkError) {
                var connection = try server.connection()
                while case let index = next.add(1, ordering: .relaxed).oldValue, index < requests.count {
                    let begun = ContinuousClock.now
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
}
