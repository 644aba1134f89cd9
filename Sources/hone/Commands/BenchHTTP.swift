import ArgumentParser
import Honing

extension BenchCommand {
    struct HTTP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "http",
            abstract: "Ask a running daemon over HTTP: throughput on many connections, latency on one.",
            discussion: """
                Each sentence is a request of its own to /predict. With --model, the engine predicts the same \
                sentences by itself between the rounds, and its share is printed: give the version that is live \
                (hone versions names its folder) and the precision that it serves in. The daemon writes these \
                predictions down like all others.
                """)

        @Option(help: "Where the daemon answers.")
        var url = "http://127.0.0.1:8080"

        @Option(help: "Sentences, one a line.", completion: .file())
        var sentences: String

        @Option(help: "A model folder, to compare with the engine's own speed.", completion: .directory)
        var model: String?

        @Option(help: "What the daemon serves in: f32, bf16, int8 or auto.")
        var precision = ServingPrecision.auto

        @Option(help: "Connections at the same time.")
        var connections = 32

        @Option(
            help: """
                Send them a second time in each round, so many a second at random moments: latency as clients see \
                it who do not wait for each other.
                """)
        var rate: Double?

        @Option(help: "How often the sentences are sent; the median counts.")
        var rounds = 7

        @Flag(help: "Print JSON for scripts.")
        var json = false

        func validate() throws {
            guard (1...1_000).contains(rounds) else { throw ValidationError("--rounds is from 1 to 1000") }
            guard (1...512).contains(connections) else {
                throw ValidationError("--connections is from 1 to 512")
            }
            guard rate.map({ 0.1...100_000 ~= $0 }) ?? true else {
                throw ValidationError("--rate is from 0.1 to 100000")
            }
        }

        func run() async throws {
            try await reporting {
                let lines = try sentencesOf(file: sentences)
                let engine = try model.map {
                    try ServingWork(folder: $0, sentences: lines, precision: precision)
                }
                let result = try HTTPBenchmark(
                    url: url, sentences: lines, connections: connections, rounds: rounds, rate: rate,
                    engine: engine)
                if json { return try Terminal.print(json: result) }
                print(
                    """
                    \(result.sentences) sentences, \(result.tokens) tokens, \(result.connections) connections
                    throughput   \(Int(result.tokensPerSecond)) tokens/s (median of \(result.rounds.count) rounds, \
                    \(Int(result.rounds.min() ?? 0)) to \(Int(result.rounds.max() ?? 0))), \
                    \(Int(result.requestsPerSecond)) requests/s
                    under load   p50 \(rounded(result.loadedP50Milliseconds)) ms, \
                    p99 \(rounded(result.loadedP99Milliseconds)) ms
                    one by one   p50 \(rounded(result.p50Milliseconds)) ms, p99 \(rounded(result.p99Milliseconds)) ms
                    client       took \(percent(result.clientShare)) of this machine's processors
                    failed       \(result.failed)
                    """)
                if let paced = result.paced {
                    print(
                        "paced        p50 \(rounded(paced.p50Milliseconds)) ms, p99 \(rounded(paced.p99Milliseconds)) ms "
                            + "at \(rounded(paced.requestsPerSecond)) requests/s")
                }
                if let engine = result.engineTokensPerSecond, let share = result.shareOfEngine {
                    print("engine       \(Int(engine)) tokens/s by itself; HTTP keeps \(percent(share))")
                }
            }
        }
    }
}
