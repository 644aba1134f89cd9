import ArgumentParser
import Foundation
import Honing

struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Ask the model about texts.",
        discussion: """
            Without texts it reads lines from standard input. With --model the folder answers by \
            itself, without a daemon.

            EXAMPLES
              hone predict "what a wonderful film"
              hone predict --model ./reviews-model < reviews.txt
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "A model folder to ask instead of the daemon.", completion: .directory)
    var model: String?

    @Argument(help: "The texts.")
    var texts: [String] = []

    func run() async throws {
        try await reporting {
            let inputs = texts.isEmpty ? lines() : texts
            guard !inputs.isEmpty else {
                throw Failure(.data, "there is nothing to predict: give texts or lines")
            }
            for chunk in stride(from: 0, to: inputs.count, by: 32) {
                let some = Array(inputs[chunk..<min(chunk + 32, inputs.count)])
                for (text, scores) in zip(some, try await answers(to: some)) { try show(text, scores) }
            }
        }
    }

    private func answers(to texts: [String]) async throws -> [[ScoredLabel]] {
        if let model { return try FolderModel(model).predict(texts) }
        let body = ["inputs": texts.map { [$0] }]
        return try await daemon.client().post("/predict", body)
    }

    private func lines() -> [String] {
        sequence(state: ()) { _ in readLine() }.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    private func show(_ text: String, _ scores: [ScoredLabel]) throws {
        struct Line: Encodable {
            var text: String
            var scores: [ScoredLabel]
        }
        if daemon.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let line = try encoder.encode(Line(text: text, scores: scores))
            print(String(decoding: line, as: UTF8.self))
        } else {
            let best = scores.first.map { "\($0.label) \(Int(($0.score * 100).rounded())) %" } ?? "?"
            print("\(best)\t\(text)")
        }
    }
}
