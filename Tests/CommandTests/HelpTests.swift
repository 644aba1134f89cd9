import Foundation
import TestSupport
import Testing

/// What the command says about itself is an interface: a change of wording is to be seen.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct HelpTests {
    private static let commands = [
        "status", "report", "versions", "retrain", "rollback", "promote", "fetch", "import", "label",
        "predict", "generate", "pull", "pretrain", "train", "tune", "evaluate", "audit", "explain",
        "simulate", "reproduce", "export", "data", "check", "bench",
        "selftest",
        "completions",
    ]

    private static let parts = [
        ["data", "inspect"], ["data", "validate"], ["data", "split"], ["data", "dedupe"],
        ["data", "convert"],
    ]

    @Test func `help is what was released`() throws {
        let pages: [[String]] = [[]] + Self.commands.map { [$0] } + Self.parts
        let text = try pages.map { page in
            let help = try Command(page + ["--help"])
            #expect(help.code == 0 && help.notes.isEmpty)
            return "$ hone \((page + ["--help"]).joined(separator: " "))\n\(help.output)"
        }
        try expectSnapshot(text.joined(separator: "\n"), "help.txt")
    }

    @Test func `the list of commands names them all`() throws {
        let help = try Command([]).output
        for command in Self.commands { #expect(help.contains("\n  \(command) "), "\(command)") }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions know every command`(shell: String) throws {
        let script = try Command(["completions", shell])

        #expect(script.code == 0)
        for command in Self.commands { #expect(script.output.contains(command), "\(command)") }
    }
}
