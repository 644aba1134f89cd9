import Foundation
import Testing

/// What scripts go by when something is wrong, and what people are told then.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct ExitCodeTests {
    /// A command that cannot be carried out. `DIR` stands for a folder that holds `good.jsonl`,
    /// `odd.jsonl`, `empty.jsonl`, `honed.yaml` of a daemon that does not run, and `wrong.yaml`.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var command: String
        var code: Int32
        /// What is wrong, and what to do.
        var says: [String]

        init(_ command: String, _ code: Int32, _ says: String...) {
            self.command = command
            self.code = code
            self.says = says
        }

        var testDescription: String { "hone \(command)" }
    }

    static let mistakes = [
        // The command line
        Mistake("boast", 64, "Unexpected argument 'boast'", "hone --help"),
        Mistake("train", 64, "give --base, --train and --output"),
        Mistake("train --base TINY --train DIR/good.jsonl --output DIR/m --epochs 0", 64, "from 1 to 10000"),
        Mistake("train --base TINY --train DIR/good.jsonl --output DIR/m --adapter DIR/a", 64, "--lora-rank"),
        Mistake(
            "train --base TINY --train DIR/good.jsonl --output DIR/m --stride 4", 64, "--windows mean or max"),
        Mistake(
            "train --base TINY --train DIR/good.jsonl --output DIR/m --windows mean --stride 14", 64,
            "a stride from 0 to 13"),
        Mistake("report --format pdf", 64, "'text', 'html' or 'json'"),
        Mistake("report -c DIR/honed.yaml --since yesterday", 64, "\"yesterday\" is no time", "36h or 7d"),
        Mistake("report -c DIR/honed.yaml --since 2100-01-01", 64, "--since must lie before --until"),
        Mistake("promote -c DIR/honed.yaml 2 --force", 64, "--reason"),
        Mistake("pull a/b/c", 64, "ORG/NAME"),
        Mistake("completions tcsh", 64, "'bash', 'zsh' or 'fish'"),
        Mistake("generate --model TINYGPT --prompt x --top-p 2", 64, "top_p must be above 0"),
        Mistake("generate --model TINYGPT --prompt x --temperature=-1", 64, "temperature must be 0 (greedy)"),
        Mistake(
            "tune --base TINY --train DIR/good.jsonl --output DIR/s --minutes 0", 64, "--minutes is above 0"),
        // Data
        Mistake(
            "train --base TINY --train DIR/good.jsonl --output DIR/m --arguments DIR/good.jsonl", 65,
            "hone tune"),
        Mistake("generate --model TINY --prompt x", 65, "text-generation is needed"),
        Mistake("evaluate TINY DIR/odd.jsonl", 65, "\"odd\"", "negative, neutral, positive"),
        Mistake("evaluate TINY DIR/empty.jsonl", 65, "no labelled row", "\"text\" and \"label\""),
        Mistake("train --base TINY --train DIR/one.jsonl --output DIR/m", 65, "at least two are needed"),
        Mistake("predict --model TINY", 65, "give texts or lines"),
        Mistake("import -c DIR/honed.yaml TINY --examples DIR/odd.jsonl", 65, "\"odd\"", "it knows negative"),
        Mistake("import -c DIR/honed.yaml TINYGPT", 65, "for text-classification is needed", "hone generate"),
        Mistake("export TINYGPT DIR/new --format onnx", 65, "for text-generation"),
        // What is refused
        Mistake("export TINY DIR/new", 1, "is a Hugging Face folder already: say --format onnx"),
        Mistake("export TINY DIR --format onnx", 1, "is not empty: name a new folder"),
        // The daemon
        Mistake("retrain -c DIR/honed.yaml", 69, "honed is not running", "systemctl start honed"),
        Mistake("rollback -c DIR/honed.yaml", 69, "honed is not running"),
        Mistake("fetch -c DIR/honed.yaml", 69, "honed is not running"),
        Mistake("predict -c DIR/honed.yaml hello", 69, "honed is not running"),
        Mistake("status -c DIR/honed.yaml", 69, "nor is there a database", "hone import FOLDER"),
        // Files
        Mistake("pull org/model --output DIR", 74, "exists already", "--output"),
        Mistake("explain -c DIR/honed.yaml", 74, "there is no such file", "check data_directory"),
        Mistake("evaluate TINY DIR/nothing.jsonl", 74, "nothing.jsonl cannot be read"),
        Mistake("predict --model DIR/nothing hello", 74, "has no config.json"),
        Mistake("export DIR/nothing DIR/new --format onnx", 74, "has no config.json"),
        Mistake(
            "train --base TINY --train DIR/good.jsonl --output DIR/m --arguments DIR/no", 74, "cannot be read"
        ),
        Mistake("import -c DIR/honed.yaml DIR/nothing", 74, "has no config.json", "name the folder"),
        // The configuration
        Mistake("status -c DIR/nothing.yaml", 78, "there is no such file", "Deploy/install.sh"),
        Mistake("check -c DIR/wrong.yaml", 78, "wrong.yaml:1:1", "did you mean server"),
        // Refusals
        Mistake("import -c DIR/honed.yaml TINY --promote", 1, "needs a reason", "add --reason"),
    ]

    @Test(arguments: mistakes)
    func `a mistake has its code and its sentence`(_ mistake: Mistake) throws {
        let folder = try Folder()
        try folder.write("good.jsonl", Self.rows(["negative", "positive"]))
        try folder.write("one.jsonl", Self.rows(["negative"]))
        try folder.write("odd.jsonl", Self.rows(["odd"]))
        try folder.write("empty.jsonl", "{\"text\":\"a film\"}\n")
        try folder.write("wrong.yaml", "sever:\n  port: 8080\n")
        try folder.write(
            "honed.yaml", "data_directory: \(folder.path)/data\ncontrol: {socket: \(folder.path)/s}\n")
        let words = mistake.command.split(separator: " ").map { word in
            String(word).replacing("DIR", with: folder.path)
                .replacing("TINYGPT", with: Command.tinyGPT2).replacing("TINY", with: Command.tinyBert)
        }

        let result = try Command(words)

        #expect(result.code == mistake.code, "\(result.notes)")
        #expect(result.output.isEmpty)
        for part in mistake.says { #expect(result.notes.contains(part), "\(result.notes)") }
        #expect(!result.notes.contains("Error Domain"))
    }

    private static func rows(_ labels: [String]) -> String {
        (0..<40).map { "{\"text\":\"film \($0)\",\"label\":\"\(labels[$0 % labels.count])\"}\n" }.joined()
    }
}
