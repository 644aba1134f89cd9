public import ArgumentParser
import Foundation
import Honing
import Training

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine: the kernels, tokenizing, serving, HTTP, training.",
        discussion: """
            HONE_THREADS sets the number of threads, HONE_CPU the kernels (portable, avx2, avx512, \
            avx512bf16). \
            Tests/Peers/compare.sh runs the same work in PyTorch, ONNX Runtime, OpenVINO and CTranslate2 \
            beside it.
            """,
        subcommands: [Serve.self, HTTP.self, Train.self, Tokenize.self, Kernels.self, Scaling.self])

    struct Work: ParsableArguments {
        @Option(help: "The model folder.", completion: .directory)
        var model: String

        @Option(help: "Sentences, one a line.", completion: .file())
        var sentences: String

        @Option(help: "How often the work is done; the median counts.")
        var rounds = 7

        @Flag(help: "Print JSON for scripts.")
        var json = false

        func lines() throws -> [String] { try sentencesOf(file: sentences) }

        func validate() throws {
            guard (1...1_000).contains(rounds) else { throw ValidationError("--rounds is from 1 to 1000") }
        }
    }

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Predict sentences: tokens a second in batches, milliseconds one by one.")
        @OptionGroup var work: Work

        @Option(help: "f32, bf16, int8, or auto for what this machine does best without loss.")
        var precision = ServingPrecision.auto

        @Option(help: "Write the sentences' embeddings there: f32, little-endian.", completion: .file())
        var embeddings: String?

        func run() async throws {
            try await reporting {
                let result = try ServingBenchmark(
                    folder: work.model, sentences: try work.lines(), rounds: work.rounds,
                    precision: precision, embeddings: embeddings)
                if work.json { return try Terminal.print(json: result) }
                print(
                    """
                    \(result.sentences) sentences, \(result.tokens) tokens, \(result.threads) threads, \(result.kernels), \(result.precision)
                    throughput   \(Int(result.tokensPerSecond)) tokens/s (median of \(result.rounds.count) rounds, \
                    \(Int(result.rounds.min() ?? 0)) to \(Int(result.rounds.max() ?? 0)))
                    products     \(Int(result.gigaflops)) GFLOP/s, \(percent(result.shareOfPeak)) of the fastest alone
                    latency      p50 \(rounded(result.p50Milliseconds)) ms, p99 \(rounded(result.p99Milliseconds)) ms
                    tokenizing   \(rounded(result.tokenizeMicroseconds)) µs a sentence
                    memory       \(Int(result.residentMegabytes)) MB resident
                    """)
            }
        }
    }

    struct Train: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Fine-tune on sentences: tokens a second.")
        @OptionGroup var work: Work

        @Option(help: "f32, bf16, or auto.")
        var precision = TrainingPrecision.auto

        @Option(help: "So many of the lowest layers stay as they are; all of them: only the head learns.")
        var frozenLayers = 0

        @Option(help: "Train adapters of this rank in queries and values instead of the weights.")
        var loraRank: Int?

        func run() async throws {
            try await reporting {
                let result = try TrainingBenchmark(
                    folder: work.model, sentences: try work.lines(), rounds: work.rounds,
                    precision: precision, frozenLayers: frozenLayers, loraRank: loraRank)
                if work.json { return try Terminal.print(json: result) }
                print(
                    """
                    \(result.sentences) sentences, \(result.tokens) tokens, \(result.threads) threads, \(result.kernels), \(result.precision)
                    \(result.kind.padding(toLength: 17, withPad: " ", startingAt: 0))\(Int(result.tokensPerSecond)) tokens/s (median of \(result.rounds.count) epochs, \
                    \(Int(result.rounds.min() ?? 0)) to \(Int(result.rounds.max() ?? 0)))
                    peak memory      \(Int(result.peakMegabytes)) MB
                    """)
                if let seconds = result.cachedSeconds {
                    print("known vectors    ten epochs in \(rounded(seconds)) s")
                }
            }
        }
    }

    struct Tokenize: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn sentences into tokens: microseconds a sentence.")
        @OptionGroup var work: Work

        func run() async throws {
            try await reporting {
                let result = try TokenizingBenchmark(
                    folder: work.model, sentences: try work.lines(), rounds: work.rounds)
                if work.json { return try Terminal.print(json: result) }
                print(
                    """
                    \(result.sentences) sentences, \(result.tokens) tokens
                    one thread   \(rounded(result.microsecondsPerSentence)) µs a sentence (median of \
                    \(result.rounds.count) rounds, \(rounded(result.rounds.min() ?? 0)) to \
                    \(rounded(result.rounds.max() ?? 0)))
                    \(result.threads) threads    \(Int(result.sentencesPerSecond)) sentences/s
                    """)
            }
        }
    }

    struct Kernels: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Multiply matrices: GFLOP/s.")

        @Option(help: "How often each product is measured; the best counts.")
        var rounds = 7

        @Flag(help: "Print JSON for scripts.")
        var json = false

        func run() async throws {
            try await reporting {
                let result = KernelsBenchmark(rounds: max(1, rounds))
                if json { return try Terminal.print(json: result) }
                print("\(result.kernels), \(result.threads) threads")
                for product in result.products {
                    print(
                        "\(product.precision)  [\(product.rows) × \(product.depth)] · [\(product.depth) × \(product.columns)]  "
                            + "\(Int(product.gigaflops)) GFLOP/s")
                }
            }
        }
    }
}

/// The lines of a file that are not blank.
func sentencesOf(file: String) throws -> [String] {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
        throw Failure(.file, "\(file) cannot be read: does it exist?")
    }
    let lines = text.split(separator: "\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    guard lines.count >= 10 else { throw Failure(.data, "\(file) has fewer than ten sentences") }
    return lines
}

extension ServingPrecision: ExpressibleByArgument {}
extension TrainingPrecision: ExpressibleByArgument {}
extension WindowArguments.Pooling: ExpressibleByArgument {}

extension TrainingBenchmark {
    /// What was trained, in words.
    fileprivate var kind: String {
        if let loraRank { return "LoRA, rank \(loraRank)" }
        return frozenLayers == 0 ? "full fine-tune" : "upper layers"
    }
}
