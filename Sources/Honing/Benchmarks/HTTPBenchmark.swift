import Foundation

/// How fast a running daemon answers over HTTP: one sentence a request, on many connections at once and
/// on one, or at a rate as of people who know nothing of each other; and how much of its engine's own speed
/// that is.
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
    /// At `--rate`; `nil` where none was asked for.
    public var paced: Paced?
    /// What this process took of all processors while it asked on many connections: the client's part,
    /// which a client elsewhere would not cost.
    public var clientShare: Double
    /// Answers with another status than 200.
    public var failed: Int
    /// The engine by itself between the rounds, in this process; `nil` where no model was given.
    public var engineTokensPerSecond: Double?
    /// The median of the rounds' ratios.
    public var shareOfEngine: Double?

    /// Requests that come at random moments, so many a second on average, whether or not those before are answered.
    public struct Paced: Codable, Sendable, Equatable {
        public var requestsPerSecond: Double
        /// From the moment at which a request was due, so that one that had to wait for a connection counts as slow.
        public var p50Milliseconds: Double
        public var p99Milliseconds: Double
    }

    /// - Parameters:
    ///   - url: `http://HOST:PORT`, with or without a path; `/predict` is asked.
    ///   - rate: requests a second, on as many connections as are given; see `Paced`.
    ///   - engine: the model that serves there, to compare with.
    public init(
        url: String, sentences: [String], connections: Int, rounds: Int, rate: Double? = nil,
        engine: ServingWork? = nil
    ) throws {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host else {
            throw HTTPBenchmarkError.badAddress(url)
        }
        let server = HTTPLoad(host: host, port: parts.port ?? 80)
        let requests = try sentences.map { try server.request($0) }
        let first = try server.connection().send(requests[0])
        guard first.status == 200 else { throw HTTPBenchmarkError.refused(status: first.status) }

        var passes: [HTTPLoad.Pass] = []
        var pacedPasses: [HTTPLoad.Pass] = []
        var engineRounds: [Double] = []
        _ = try server.pass(requests, connections: connections)
        _ = engine?.round()
        for round in 0..<rounds {
            passes.append(try server.pass(requests, connections: connections))
            if let engine { engineRounds.append(engine.round()) }
            if let rate {
                let due = arrivals(requests.count, perSecond: rate, seed: UInt64(round))
                pacedPasses.append(try server.pass(requests, connections: connections, due: due))
            }
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
        failed = (passes + pacedPasses).reduce(alone.failed) { $0 + $1.failed }
        if let rate {
            let waits = pacedPasses.flatMap(\.milliseconds)
            paced = Paced(
                requestsPerSecond: rate, p50Milliseconds: waits.quantile(0.5),
                p99Milliseconds: waits.quantile(0.99))
        }
        if !engineRounds.isEmpty {
            engineTokensPerSecond = engineRounds.median
            shareOfEngine = zip(self.rounds, engineRounds).map { $0 / $1 }.median
        }
    }
}
