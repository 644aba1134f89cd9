import ArgumentParser
import Foundation
import Honing

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Let a GPT-2 model continue a text.",
        discussion: """
            The text appears as it is written. Without --prompt it is read from standard input. The \
            most probable token is taken each time, unless --temperature asks for draws.

            EXAMPLES
              hone generate --model ./distilgpt2 --prompt "Once upon a time"
              hone generate --model ./distilgpt2 --prompt "Q:" --temperature 0.8 --top-p 0.9 --stop "Q:"
            """)

    @Option(help: "The model folder.", completion: .directory)
    var model: String

    @Option(help: "The text to continue.")
    var prompt: String?

    @Option(help: "The most tokens that are written.")
    var maxTokens = 128

    @Option(help: "0 for the most probable token each time; above it tokens are drawn.")
    var temperature = 0.0

    @Option(help: "Draw from only so many of the most probable tokens.")
    var topK: Int?

    @Option(help: "Draw from only the most probable tokens that have this probability together.")
    var topP: Double?

    @Option(help: "Above 1, what the text has already becomes less probable.")
    var repetitionPenalty = 1.0

    @Option(help: "End before this text; may be given several times.")
    var stop: [String] = []

    @Option(help: "The same seed draws the same text.")
    var seed: UInt64 = 1

    @Flag(help: "Print JSON for scripts, when the text is whole.")
    var json = false

    func run() async throws {
        try await reporting {
            try wishes.check()
            let generator = try FolderGenerator(model)
            let prompt = prompt ?? Self.standardInput()
            if !json { Self.show(prompt) }
            let result = try generator.generate(prompt, wishes) { if !json { Self.show($0) } }
            if json { return try Terminal.print(json: result) }
            Self.show("\n")
            guard Terminal.isInteractive else { return }
            let rate = Double(result.completionTokens) / max(result.seconds, 1e-9)
            Terminal.note(
                "\(result.completionTokens) tokens in \(spoken(seconds: result.seconds)), "
                    + "\(Int(rate.rounded())) a second, ended by \(result.finishReason)")
        }
    }

    private var wishes: GenerationWishes {
        var wishes = GenerationWishes()
        wishes.maximumTokens = maxTokens
        wishes.temperature = temperature
        wishes.topK = topK
        wishes.topP = topP
        wishes.repetitionPenalty = repetitionPenalty
        wishes.stops = stop
        wishes.seed = seed
        return wishes
    }

    /// Past the buffer of `print`, so that each piece is seen as soon as it is there.
    private static func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// All of it but the line end that a shell puts behind a text.
    private static func standardInput() -> String {
        var text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}
