import Foundation
import Testing

/// `hone tune`, and a training with what it found.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct TuneCommandTests {
    @Test func `what is found is written down, and can be trained with`() throws {
        let folder = try Folder()
        let rows = (0..<150).map {
            "{\"text\":\"the \($0 % 2 == 0 ? "good" : "bad") film \(["was", "a", "very"][$0 % 3]) \($0)\","
                + "\"label\":\"\($0 % 2 == 0 ? "positive" : "negative")\"}"
        }
        try folder.write("rows.jsonl", rows.joined(separator: "\n"))
        let search = [
            "tune", "--base", Command.tinyBert, "--train", folder.path + "/rows.jsonl", "--output",
            folder.path + "/search", "--minutes", "1", "--candidates", "4", "--learning-rate", "0.003",
        ]
        let found = try Command(search)
        #expect(found.code == 0, "\(found.notes)")
        #expect(found.output.contains("best: rate ") && found.output.contains("number 0: rate 0.003"))
        #expect(found.notes.contains("rows to learn from"))

        // Everything is known already: nothing is learned again.
        let again = try Command(search)
        #expect(again.code == 0 && again.output == found.output && !again.notes.contains("number"))
        let other = try Command(search + ["--epochs", "5"])
        #expect(other.code == 64 && other.notes.contains("name another folder"), "\(other)")

        let trained = try Command([
            "train", "--base", Command.tinyBert, "--train", folder.path + "/rows.jsonl", "--output",
            folder.path + "/model", "--arguments", folder.path + "/search/best.json", "--epochs", "1",
        ])
        #expect(trained.code == 0 && trained.output.contains("SHA-256"), "\(trained.notes)")
    }
}
