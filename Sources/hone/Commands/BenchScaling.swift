import ArgumentParser
import Honing

extension BenchCommand {
    struct Scaling: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scaling",
            abstract: "Predict with encoders of several sizes, by batch and length: tokens a second, memory.",
            discussion: """
                The weights are random, which costs no time: what the numbers are does not matter to their \
                products. A point whose batch would take longer than --seconds is left out. HONE_THREADS sets \
                the number of threads.
                """)

        @Option(help: "A model folder, for its tokenizer.", completion: .directory)
        var model: String

        @Option(help: "Of the encoders: minilm-l6, bert-base, bert-large; with commas between.")
        var shapes = "minilm-l6,bert-base,bert-large"

        @Option(help: "Texts a batch, with commas between.")
        var batches = "1,8,64,512"

        @Option(help: "Tokens a text, with commas between.")
        var lengths = "8,32,128,512"

        @Option(help: "f32, bf16, int8 or auto.")
        var precision = ServingPrecision.auto

        @Option(help: "How long one batch may take.")
        var seconds = 20.0

        @Flag(help: "Print JSON for scripts.")
        var json = false

        func run() async throws {
            try await reporting {
                if !json { print("shape       batch  length   tokens/s   GFLOP/s       MB") }
                let result = try ScalingBenchmark(
                    folder: model, shapes: try list(shapes, "--shapes", ScalingBenchmark.Shape.init),
                    batches: try list(batches, "--batches", count),
                    lengths: try list(lengths, "--lengths", count),
                    precision: precision, secondsAPoint: seconds
                ) { point in
                    guard !json else { return }
                    print(
                        point.shape.rawValue.padded(to: 10), "\(point.batch)".leading(6),
                        "\(point.length)".leading(7), "\(Int(point.tokensPerSecond))".leading(10),
                        "\(Int(point.gigaflops))".leading(9), "\(Int(point.residentMegabytes))".leading(8))
                }
                if json { return try Terminal.print(json: result) }
                print("\(result.threads) threads, \(result.kernels), \(result.precision)")
            }
        }

        private func count(_ text: String) -> Int? {
            Int(text).flatMap { (1...512).contains($0) ? $0 : nil }
        }

        private func list<Value>(
            _ text: String, _ option: String, _ parse: (String) -> Value?
        ) throws -> [Value] {
            try text.split(separator: ",").map { word in
                guard let value = parse(String(word)) else {
                    throw Failure(.refused, "\(option): \"\(word)\" is none of those it takes; see --help")
                }
                return value
            }
        }
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }

    fileprivate func leading(_ length: Int) -> String {
        String(repeating: " ", count: max(0, length - count)) + self
    }
}
