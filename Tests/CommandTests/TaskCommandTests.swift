import Foundation
import Testing

/// `hone train`, `evaluate` and `predict` for other tasks than classes, from files to answers.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct TaskCommandTests {
    /// Trains the tiny model on rows, and returns the folder of it all.
    private func trained(_ task: String, _ file: String, _ rows: String) throws -> Folder {
        let folder = try Folder()
        try folder.write(file, rows)
        let training = try Command([
            "train", "--task", task, "--base", Command.tinyBert, "--train", folder.path + "/" + file,
            "--development", folder.path + "/" + file, "--output", folder.path + "/model",
            "--epochs", "30", "--learning-rate", "0.01", "--batch-size", "8",
        ])
        #expect(training.code == 0, "\(training.notes)")
        #expect(training.output.contains("SHA-256"))
        return folder
    }

    private func json(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    @Test func `named entities`() throws {
        let rows = (0..<24).map { index in
            index % 2 == 0 ? "the\tO\ngood\tB-X\nfilm\tI-X\n" : "a\tO\nbad\tB-Y\nfilm\tO\n"
        }.joined(separator: "\n")
        let folder = try trained("ner", "rows.conll", rows)

        let found = try Command(["evaluate", folder.path + "/model", folder.path + "/rows.conll"])
        #expect(found.output.contains("entity F1     100.0 %  (95 %: 100.0 % to 100.0 %)"), "\(found.output)")
        let figures = try json(
            Command(["evaluate", "--json", folder.path + "/model", folder.path + "/rows.conll"]).output)
        #expect(figures["task"] as? String == "token-classification")

        let said = try json(
            Command(["predict", "--json", "--model", folder.path + "/model", "the good film"]).output)
        let entity = (said["entities"] as? [[String: Any]])?.first
        #expect(entity?["entity_group"] as? String == "X" && entity?["word"] as? String == "good film")
        #expect(entity?["start"] as? Int == 4 && entity?["end"] as? Int == 13)
        let words = try Command(["predict", "--model", folder.path + "/model", "a bad film"])
        #expect(words.output.hasPrefix("Y \"bad\" ") && words.output.hasSuffix(" %\ta bad film\n"))
    }

    @Test func `answers`() throws {
        let rows = (0..<24).map { index in
            let word = index % 2 == 0 ? "good" : "bad"
            return
                "{\"question\":\"film\",\"context\":\"the \(word) film\",\"answers\":[{\"text\":\"\(word)\",\"start\":4}]}\n"
        }.joined()
        let folder = try trained("qa", "rows.jsonl", rows)

        let found = try Command(["evaluate", folder.path + "/model", folder.path + "/rows.jsonl"])
        #expect(found.output.contains("exact match   100.0 %"), "\(found.output)")
        let asked = ["predict", "--json", "--model", folder.path + "/model", "--question", "film"]
        let answer = try json(Command(asked + ["the good film"]).output)["answer"] as? [String: Any]
        #expect(answer?["answer"] as? String == "good" && answer?["start"] as? Int == 4)
        let unasked = try Command(["predict", "--model", folder.path + "/model", "the good film"])
        #expect(unasked.code == 64 && unasked.notes.contains("--question"))
    }

    @Test func `several labels, and scores`() throws {
        let labels = (0..<24).map { index in
            "{\"text\":\"\(index % 2 == 0 ? "good" : "bad") film\",\"labels\":\(index % 2 == 0 ? "[\"x\",\"y\"]" : "[]")}\n"
        }.joined()
        let first = try trained("labels", "rows.jsonl", labels)
        let found = try Command(["evaluate", first.path + "/model", first.path + "/rows.jsonl"])
        #expect(found.output.contains("all labels right  100.0 %"), "\(found.output)")
        let none = try Command(["predict", "--model", first.path + "/model", "bad film"])
        #expect(none.output == "-\tbad film\n")

        let scores = (0..<24).map {
            "{\"text\":\"\($0 % 2 == 0 ? "good" : "bad") film\",\"score\":\($0 % 2)}\n"
        }
        let second = try trained("score", "rows.jsonl", scores.joined())
        let errors = try Command(["evaluate", second.path + "/model", second.path + "/rows.jsonl"])
        #expect(errors.output.contains("mean absolute error"), "\(errors.output)")
    }

    @Test(arguments: [
        (
            "train --task ner --base TINY --train DIR/bad.conll --output DIR/m", 65,
            "(line 1: the line has one column"
        ),
        ("train --task qa --base TINY --train DIR/bad.json --output DIR/m", 65, "no list \"data\""),
        ("train --task score --base TINY --train DIR/one.jsonl --output DIR/m", 65, "the same score"),
        ("train --task chat --base TINY --train DIR/one.jsonl --output DIR/m", 64, "'ner'"),
        (
            "train --task ner --base TINY --train DIR/good.conll --output DIR/m --adapter DIR/a --lora-rank 2",
            64, "--task classify"
        ),
        ("predict --model TINY --question why text", 64, "answers questions"),
    ])
    func `a mistake has its code and its sentence`(command: String, code: Int32, says: String) throws {
        let folder = try Folder()
        try folder.write("bad.conll", "word\n")
        try folder.write("good.conll", "word\tO\n")
        try folder.write("bad.json", "{}")
        try folder.write("one.jsonl", (0..<40).map { "{\"text\":\"film \($0)\",\"score\":1}\n" }.joined())
        let words = command.split(separator: " ").map {
            String($0).replacing("DIR", with: folder.path).replacing("TINY", with: Command.tinyBert)
        }
        let result = try Command(words)
        #expect(result.code == code, "\(result.notes)")
        #expect(result.notes.contains(says), "\(result.notes)")
    }

    @Test func `two models beside each other`() throws {
        let rows = (0..<24).map { index in
            "{\"text\":\"the \(index % 2 == 0 ? "good" : "bad") film\",\"label\":\"\(index % 2 == 0 ? "pro" : "con")\"}\n"
        }.joined()
        let knows = try trained("classify", "rows.jsonl", rows)
        let opposite = rows.replacing("pro", with: "PRO").replacing("con", with: "pro").replacing(
            "PRO", with: "con")
        let errs = try trained("classify", "rows.jsonl", opposite)

        let (first, second) = (knows.path + "/model", errs.path + "/model")
        let found = try Command(["evaluate", first, knows.path + "/rows.jsonl", "--against", second])
        #expect(
            found.code == 0 && found.output.hasPrefix("\(first) is better than \(second), beyond chance."))
        #expect(found.output.contains("100 % and 0 %") || found.output.contains("100.0 % and 0.0 %"))
        #expect(found.output.contains("both 0, only the first 24, only the second 0, neither 0"))
        let figures = try json(
            Command(["evaluate", "--json", second, knows.path + "/rows.jsonl", "--against", first]).output)
        // Twenty-four coins that all fall the same way.
        #expect(abs(try #require(figures["p"] as? Double) - 2 * pow(0.5, 24)) < 1e-12)
        #expect(figures["difference"] as? Double == -1)
        let same = try Command(["evaluate", first, knows.path + "/rows.jsonl", "--against", first])
        #expect(same.output.hasPrefix("Neither is better beyond chance"))
    }

    @Test func `a term that should make no difference`() throws {
        let rows = (0..<24).map { index in
            "{\"text\":\"the \(index % 2 == 0 ? "good" : "bad") film\",\"label\":\"\(index % 2 == 0 ? "pro" : "con")\"}\n"
        }.joined()
        let folder = try trained("classify", "rows.jsonl", rows)
        try folder.write("terms.txt", "good <-> bad # all that counts here\n\nthe <-> a\nanna <-> otto\n")
        let question = ["evaluate", folder.path + "/model", folder.path + "/rows.jsonl", "--swaps"]

        let found = try Command(question + [folder.path + "/terms.txt"])
        #expect(found.code == 0 && found.output.contains("good <-> bad"), "\(found.notes)")
        let report = try json(Command(question + [folder.path + "/terms.txt", "--json"]).output)
        let pairs = try #require(report["pairs"] as? [[String: Any]])
        let figures = pairs.compactMap { $0["figures"] as? [String: Any] }
        #expect(figures.map { $0["texts"] as? Int } == [24, 24, 0])
        #expect(figures[0]["flips"] as? Int == 24)
        // Each text holds two terms and is one text.
        let all = try #require(report["all"] as? [String: Any])
        #expect(all["texts"] as? Int == 24 && all["flips"] as? Int == 24)
        let examples = try #require(report["examples"] as? [[String: Any]])
        #expect(Set(examples.compactMap { $0["row"] as? Int }).count == 5)
        #expect(examples.allSatisfy { $0["text"] as? String != $0["textAfterSwap"] as? String })

        let long = String(repeating: "the film was what it was, ", count: 20) + "good"
        try folder.write("long.jsonl", "{\"text\":\"\(long)\",\"label\":\"pro\"}\n")
        try folder.write("one.txt", "good <-> bad\n")
        let line = try Command(
            [
                "evaluate", folder.path + "/model", folder.path + "/long.jsonl", "--swaps",
                folder.path + "/one.txt",
            ])
        #expect(line.output.contains("\n    …") && line.output.contains("it was, good\n"), "\(line.output)")

        try folder.write("bad.txt", "he <-> she\nhe - she\n")
        let bad = try Command(question + [folder.path + "/bad.txt"])
        #expect(bad.code == 65 && bad.notes.contains("bad.txt:2: this is no pair"), "\(bad.notes)")
        try folder.write("twice.txt", "he <-> she\nshe <-> he\n")
        let twice = try Command(question + [folder.path + "/twice.txt"])
        #expect(twice.code == 65 && twice.notes.contains("twice.txt:2: this pair stands in line 1 already"))
        try folder.write("none.txt", "he <-> she\n")
        let none = try Command(question + [folder.path + "/none.txt"])
        #expect(none.code == 65 && none.notes.contains("none of 24 rows holds one"), "\(none.notes)")
        #expect(try Command(question + [folder.path + "/nowhere.txt"]).code == 74)
    }

    @Test func `parts of the rows, confidence, and a page of it all`() throws {
        // One half is labelled upside down: the model is right on the other alone.
        let rows = (0..<240).map { index in
            let (isGood, isOdd) = (index % 2 == 0, index % 4 < 2)
            return
                "{\"text\":\"the \(isGood ? "good" : "bad") film\",\"label\":\"\(isGood != isOdd ? "pro" : "con")\",\"shop\":\"\(isOdd ? "<b>odd</b>" : "even")\"}\n"
        }.joined()
        let folder = try trained(
            "classify", "rows.jsonl",
            rows.split(separator: "\n").filter { $0.contains("even") }.joined(separator: "\n"))
        try folder.write("all.jsonl", rows)
        let (model, all, page) = (
            folder.path + "/model", folder.path + "/all.jsonl", folder.path + "/page.html"
        )

        let found = try Command(["evaluate", model, all, "--slice", "shop", "--html", page])
        #expect(found.code == 0, "\(found.notes)")
        #expect(found.output.contains("shop <b>odd</b>"))
        let figures = try json(Command(["evaluate", model, all, "--slice", "shop", "--json"]).output)
        #expect(figures["accuracy"] as? Double == 0.5)
        let worst = try #require((figures["slices"] as? [[String: Any]])?.first)
        #expect(worst["key"] as? [String: String] == ["property": "shop", "value": "<b>odd</b>"])
        #expect(worst["meanLoss"] as? Double == 1 && worst["meanLossOutside"] as? Double == 0)
        let bins = try #require(figures["reliability"] as? [[String: Any]])
        #expect(bins.compactMap { $0["count"] as? Int }.reduce(0, +) == 240)
        #expect(bins.allSatisfy { $0["accuracy"] as? Double == 0.5 })

        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("shop &lt;b&gt;odd&lt;/b&gt;") && !html.contains("<b>odd"))
        #expect(html.contains("<svg") && html.contains("What is taken for what") && !html.contains("http:"))

        let unknown = try Command(["evaluate", model, all, "--slice", "nowhere"])
        #expect(unknown.code == 65 && unknown.notes.contains("no row has a column \"nowhere\""))
        #expect(try Command(["evaluate", model, all, "--html", folder.path + "/no/page.html"]).code == 74)
        #expect(try Command(["evaluate", model, all, "--html", page, "--against", model]).code == 64)
    }

    @Test func `models of two tasks are not compared`() throws {
        let names = try trained("ner", "rows.conll", "the\tO\ngood\tB-X\nfilm\tI-X\n")
        let scores = try trained(
            "score", "rows.jsonl",
            "{\"text\":\"good film\",\"score\":1}\n{\"text\":\"bad film\",\"score\":0}\n")
        let refused = try Command(
            [
                "evaluate", names.path + "/model", names.path + "/rows.conll", "--against",
                scores.path + "/model",
            ])
        #expect(
            refused.code == 65 && refused.notes.contains("compare models of one task"), "\(refused.notes)")
    }
}
