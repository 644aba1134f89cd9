import Foundation
import Testing

/// `hone pretrain` from raw text to a model that others begin from.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct PretrainTests {
    private static let text = (0..<400).map { number in
        "\(["a good", "the bad", "a very good", "the other"][number % 4]) film was number \(number)\n"
    }.joined(separator: "\n")

    private static let small = [
        "--layers", "1", "--hidden", "32", "--heads", "2", "--vocabulary", "400", "--length", "16",
        "--batch-size", "8", "--held-out", "0.1",
    ]

    private func json(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    @Test func `a new encoder, from text to a classifier`() throws {
        let folder = try Folder()
        try folder.write("text.txt", Self.text)
        let command = ["pretrain", "--family", "bert", "--text", folder.path + "/text.txt", "--steps", "60"]
        let made = try Command(command + Self.small + ["--output", folder.path + "/model"])
        #expect(made.code == 0, "\(made.notes)")
        #expect(made.output.contains("held out       perplexity ") && made.output.contains("▁"))
        #expect(made.notes.contains("step 60/60 · held-out perplexity "))

        try folder.write(
            "rows.jsonl",
            (0..<40).map {
                "{\"text\":\"a \($0 % 2 == 0 ? "good" : "bad") film \($0)\",\"label\":\"\($0 % 2)\"}\n"
            }.joined())
        let tuned = try Command([
            "train", "--base", folder.path + "/model", "--train", folder.path + "/rows.jsonl", "--output",
            folder.path + "/classifier", "--epochs", "1",
        ])
        #expect(tuned.code == 0, "\(tuned.notes)")
    }

    @Test func `a decoder from standard input, the same by JSON and again`() throws {
        let folder = try Folder()
        func hash(_ name: String) throws -> String? {
            let made = try Command(
                ["pretrain", "--json", "--family", "gpt2", "--text", "-", "--steps", "20", "--output"]
                    + [folder.path + "/" + name] + Self.small, input: Self.text)
            #expect(made.code == 0, "\(made.notes)")
            let result = try json(made.output)
            #expect(result["steps"] as? Int == 20)
            return result["weightsSHA256"] as? String
        }
        let first = try #require(try hash("a"))
        #expect(try hash("b") == first)
        let written = try Command([
            "generate", "--model", folder.path + "/a", "--prompt", "a good", "--max-tokens", "4",
        ])
        #expect(written.code == 0, "\(written.notes)")
    }

    @Test func `a run that was killed goes on, to the same weights`() throws {
        let folder = try Folder()
        try folder.write("text.txt", Self.text)
        let begin = [
            "pretrain", "--json", "--family", "bert", "--text", folder.path + "/text.txt", "--steps", "40",
        ]
        let whole = try Command(begin + Self.small + ["--output", folder.path + "/whole"])
        let output = folder.path + "/killed"
        let killed = try Command.killed(
            begin + Self.small + ["--output", output], when: output + "/training-state/plan.json")
        #expect(killed == SIGKILL)
        let resumed = try Command(["pretrain", "--json", "--resume", "--output", output])
        #expect(resumed.code == 0, "\(resumed.notes)")
        #expect(resumed.output == whole.output)
    }

    @Test func `an unfinished run is not begun again unasked`() throws {
        let folder = try Folder()
        try folder.write("text.txt", Self.text)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/model/training-state", withIntermediateDirectories: true)
        try folder.write("model/training-state/plan.json", "{}")
        let begun = try Command([
            "pretrain", "--base", Command.tinyBert, "--text", folder.path + "/text.txt", "--output",
            folder.path + "/model",
        ])
        #expect(begun.code == 64 && begun.notes.contains("--resume"), "\(begun.notes)")
    }

    @Test(arguments: [
        ("pretrain --output DIR/m --text DIR/text.txt", 64, "either --base FOLDER or --family NAME"),
        ("pretrain --output DIR/m --family bert", 64, "give --text"),
        ("pretrain --output DIR/m --family t5 --text DIR/text.txt", 64, "'gpt2'"),
        (
            "pretrain --output DIR/m --base TINY --text DIR/text.txt --steps 1 --minutes 1", 64,
            "--minutes or --steps"
        ),
        ("pretrain --output DIR/m --resume", 74, "no unfinished run"),
        ("pretrain --output DIR/m --resume --steps 2", 64, "with --resume only --output"),
        ("pretrain --output DIR/m --base TINY --text DIR/none.txt", 74, "does not exist"),
        ("pretrain --output DIR/m --base DIR/none --text DIR/text.txt", 74, "config.json"),
        ("pretrain --output DIR/m --base TINY --text DIR/text.txt --length 400", 64, "the positions of"),
        ("pretrain --output DIR/m --family bert --text DIR/rows.jsonl --steps 1", 65, "byte 0"),
    ])
    func `a mistake has its code and its sentence`(command: String, code: Int32, says: String) throws {
        let folder = try Folder()
        try folder.write("text.txt", Self.text)
        try folder.write("rows.jsonl", "{\"name\":\"x\"}\n")
        let words = command.split(separator: " ").map {
            String($0).replacing("DIR", with: folder.path).replacing("TINY", with: Command.tinyBert)
        }
        let result = try Command(words)
        #expect(result.code == code, "\(result.notes)")
        #expect(result.notes.contains(says), "\(result.notes)")
    }
}
