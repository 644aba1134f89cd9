import Foundation
import Honing
import Testing

/// `hone generate` over the tiny GPT-2.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct GenerateTests {
    private func written(_ options: String..., prompt: String = "the") throws -> Command {
        try Command(["generate", "--model", Command.tinyGPT2, "--prompt", prompt] + options)
    }

    private func result(_ options: [String]) throws -> GeneratedText {
        let command = try Command(
            ["generate", "--model", Command.tinyGPT2, "--prompt", "the", "--json"] + options)
        return try JSONDecoder().decode(GeneratedText.self, from: Data(command.output.utf8))
    }

    @Test func `the terminal shows the prompt and what follows it, scripts are given what follows`() throws {
        let shown = try written("--max-tokens", "6")
        let result = try result(["--max-tokens", "6"])

        #expect(shown.code == 0 && shown.notes.isEmpty)
        #expect(shown.output == "the" + result.text + "\n")
        #expect(result.completionTokens <= 6 && result.promptTokens > 0)
    }

    @Test func `the prompt may come from standard input, without the shell's line end`() throws {
        let piped = try Command(
            ["generate", "--model", Command.tinyGPT2, "--max-tokens", "6"], input: "the\n")
        #expect(piped.output == (try written("--max-tokens", "6").output))
    }

    @Test func `the same seed draws the same text, another seed another`() throws {
        func drawn(_ seed: Int) throws -> String {
            try result(["--temperature", "3", "--seed", "\(seed)", "--max-tokens", "20"]).text
        }
        #expect(try drawn(1) == drawn(1))
        #expect(Set(try (1...4).map(drawn)).count > 1)
    }

    @Test func `a text ends before a stop string`() throws {
        let whole = try result(["--max-tokens", "20"]).text
        let stop = String(whole.dropFirst(whole.count / 2).prefix(3))
        let stopped = try result(["--max-tokens", "20", "--stop", stop])

        #expect(stopped.finishReason == "stop")
        #expect(whole.hasPrefix(stopped.text) && !stopped.text.contains(stop))
    }
}
