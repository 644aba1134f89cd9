import ArgumentParser
import Corpus
import Foundation
import Honing

struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Ask the model about texts.",
        discussion: """
            Without texts it reads lines from standard input. It answers what the model was trained for: \
            one class a text, several, a score, named entities, or with --question the part of each text \
            that answers it. With --model the folder answers by itself, without a daemon.

            EXAMPLES
              hone predict "what a wonderful film"
              hone predict --model ./reviews-model < reviews.txt
              hone predict --model ./names-model "Ada Lovelace lived in London"
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "A model folder to ask instead of the daemon.", completion: .directory)
    var model: String?

    @Option(help: "What to ask of each text, of a model that answers questions.")
    var question: String?

    @Argument(help: "The texts.")
    var texts: [String] = []

    func run() async throws {
        try await reporting {
            let inputs = texts.isEmpty ? lines() : texts
            guard !inputs.isEmpty else {
                throw Failure(.data, "there is nothing to predict: give texts or lines")
            }
            let folder = try model.map { try FolderModel($0) }
            try checkQuestion(folder)
            for chunk in stride(from: 0, to: inputs.count, by: 32) {
                let some = Array(inputs[chunk..<min(chunk + 32, inputs.count)])
                let replies: [TaskReply]
                if let folder {
                    replies = try folder.predict(some, question: question)
                } else {
                    replies = try await daemon.client().replies(to: some, question: question)
                }
                for (text, reply) in zip(some, replies) { try show(text, reply) }
            }
        }
    }

    private func checkQuestion(_ folder: FolderModel?) throws {
        // The daemon says itself what its model needs.
        guard let folder else { return }
        guard folder.task == .questionAnswering else {
            guard question == nil else {
                throw ValidationError("--question needs a model that answers questions")
            }
            return
        }
        guard question?.allSatisfy(\.isWhitespace) == false else {
            throw ValidationError("the model answers questions: ask one with --question")
        }
    }

    private func lines() -> [String] {
        sequence(state: ()) { _ in readLine() }.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    private func show(_ text: String, _ reply: TaskReply) throws {
        guard daemon.json else { return print("\(reply.sentence)\t\(text)") }
        struct Line: Encodable {
            var text: String
            var reply: TaskReply

            func encode(to encoder: any Encoder) throws {
                var line = encoder.container(keyedBy: Name.self)
                try line.encode(text, forKey: .text)
                try line.encode(reply, forKey: reply.name)
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(Line(text: text, reply: reply)), as: UTF8.self))
    }
}

/// What a line of JSON calls its parts.
private enum Name: String, CodingKey { case text, scores, entities, answer }

extension TaskReply {
    fileprivate var name: Name {
        switch self {
        case .labels, .score: .scores
        case .entities, .words: .entities
        case .answer: .answer
        }
    }
}
