import Foundation
import Testing

/// `hone data` from files to files.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct DataCommandTests {
    private static let words = ["good", "bad", "film", "very", "the", "was", "not", "a", "plot", "actor"]

    /// A hundred different rows of two labels in ten groups.
    private static let rows = (0..<100).map { number in
        let text = (0..<8).map { words[(number / Int(pow(3, Double($0 % 5))) + $0 * 7) % 10] }
        return
            "{\"text\":\"\(text.joined(separator: " ")) \(number)\",\"label\":\"\(number % 4 == 0 ? "bad" : "good")\","
            + "\"author\":\"a\(number % 10)\",\"extra\":[\(number)]}"
    }

    private func folder(_ extra: [String] = []) throws -> Folder {
        let folder = try Folder()
        try folder.write("rows.jsonl", (Self.rows + extra).joined(separator: "\n") + "\n")
        return folder
    }

    private func json(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    @Test func `a file is looked at`() throws {
        let folder = try folder([
            Self.rows[7], "{\"text\":\"unknown\"}", "{\"label\":\"good\"}",
            Self.rows[9].replacing("\"good\"", with: "\"bad\""),
        ])
        let file = folder.path + "/rows.jsonl"
        let seen = try Command(["data", "inspect", file, "--exact"])
        #expect(seen.code == 0, "\(seen.notes)")
        #expect(seen.output.contains("JSON Lines, for text-classification"), "\(seen.output)")
        #expect(seen.output.contains("103 to use, 1 of them without a target; 1 not"), "\(seen.output)")
        #expect(seen.output.contains("1 row there before, and 1 row with another target"), "\(seen.output)")
        #expect(seen.output.contains("line 101 as line 8"), "\(seen.output)")

        let figures = try json(
            Command(["data", "inspect", "--json", file, "--model", Command.tinyBert]).output)
        #expect(figures["labelCount"] as? Int == 2 && figures["rows"] as? Int == 103)
        let lengths = figures["lengths"] as? [String: Any]
        #expect(lengths?["unit"] as? String == "tokens" && lengths?["limit"] as? Int == 32)
        // The tiny model knows neither label.
        let doubts = figures["doubts"] as? [String: Any]
        #expect(doubts?["unknownLabels"] as? Int == 102 && doubts?["asked"] as? Int == 0)
    }

    @Test func `texts that the model does not read to their ends are counted, and what reads them is named`()
        throws
    {
        let folder = try folder([
            "{\"text\":\"\(String(repeating: "film ", count: 40))\",\"label\":\"good\"}"
        ])
        let seen = try Command([
            "data", "inspect", folder.path + "/rows.jsonl", "--exact", "--model", Command.tinyBert,
        ])
        #expect(
            seen.output.contains(
                "1 text longer than the model's 32 tokens: hone train --windows mean reads them"),
            "\(seen.output)")
    }

    @Test func `what is wrong has a code`() throws {
        let folder = try folder()
        let file = folder.path + "/rows.jsonl"
        let well = try Command(["data", "validate", file, "--exact"])
        #expect(well.code == 0 && well.output.hasSuffix("100 rows, nothing is wrong\n"), "\(well.output)")

        try folder.write(
            "test.jsonl", Self.rows[3].replacing(" 3\"", with: "  3 \"") + "\n" + Self.rows[5] + "\n")
        let leak = try Command([
            "data", "validate", file, "--against", folder.path + "/test.jsonl", "--near", "1",
        ])
        #expect(leak.code == 1 && leak.output.contains("leak"), "\(leak.output)")
        #expect(leak.output.contains("        2  rows that are in"), "\(leak.output)")

        try folder.write(
            "rare.jsonl", (Self.rows + ["{\"text\":\"x\",\"label\":\"rare\"}"]).joined(separator: "\n"))
        let rare = ["data", "validate", folder.path + "/rare.jsonl", "--exact"]
        #expect(try Command(rare).code == 0)
        let strict = try Command(rare + ["--strict", "--json"])
        #expect(strict.code == 1)
        let findings = try json(strict.output)["findings"] as? [[String: Any]]
        #expect(findings?.map { $0["name"] as? String } == ["rare-label"])

        let latin = Data(
            "{\"text\":\"caf\u{E9}\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"y\"}\n".unicodeScalars.map
            {
                UInt8($0.value)
            })
        try latin.write(to: URL(filePath: folder.path + "/latin.jsonl"))
        let wrong = try Command(["data", "validate", folder.path + "/latin.jsonl"])
        #expect(wrong.code == 1 && wrong.output.contains("0xE9, which is \"é\""), "\(wrong.output)")
        #expect(wrong.output.contains("iconv -f WINDOWS-1252"), "\(wrong.output)")
    }

    @Test func `sides are the same whatever the order, and rows stay as they were`() throws {
        let folder = try folder()
        func sides(_ file: String, _ output: String, _ more: [String] = []) throws -> [Set<Substring>] {
            let split = try Command(
                [
                    "data", "split", file, "--output", folder.path + "/" + output, "--shares",
                    "train=0.75,test=0.25",
                ]
                    + more)
            #expect(split.code == 0, "\(split.notes)")
            return try ["train", "test"].map {
                Set(try folder.read("\(output)/\($0).jsonl").split(separator: "\n"))
            }
        }
        let first = try sides(folder.path + "/rows.jsonl", "a")
        #expect(first[0].union(first[1]) == Set(Self.rows.map { $0[...] }))
        #expect(abs(first[1].count - 25) <= 1)
        #expect(abs(first[1].count { $0.contains("\"bad\",") } - 6) <= 1)

        try folder.write("turned.jsonl", Self.rows.reversed().joined(separator: "\n"))
        #expect(try sides(folder.path + "/turned.jsonl", "b") == first)

        let grouped = try sides(folder.path + "/rows.jsonl", "c", ["--group", "author"])
        for author in 0..<10 {
            let on = grouped.filter { $0.contains { $0.contains("\"a\(author)\"") } }
            #expect(on.count == 1)
        }
    }

    @Test func `rows that repeat others are left out, and the rest is copied`() throws {
        let near = Self.rows[2].replacing(" 2\"", with: " 2!\"")
        let folder = try folder([Self.rows[1], near, Self.rows[4].replacing("\"bad\"", with: "\"good\"")])
        let file = folder.path + "/rows.jsonl"
        let output = folder.path + "/clean.jsonl"
        let clean = try Command(["data", "dedupe", file, "--near", "0.95", "--output", output, "--json"])
        #expect(clean.code == 0, "\(clean.notes)")
        let counts = try json(clean.output)
        #expect(counts["exact"] as? Int == 1 && counts["near"] as? Int == 1, "\(counts)")
        #expect(counts["contradicting"] as? Int == 1 && counts["kept"] as? Int == 101)
        #expect(
            try folder.read("clean.jsonl").hasPrefix(Self.rows.joined(separator: "\n") + "\n"))

        try folder.write("test.jsonl", Self.rows[..<20].joined(separator: "\n"))
        let against = try Command(
            [
                "data", "dedupe", "-", "--exact", "--against", folder.path + "/test.jsonl",
                "--drop-contradictions",
            ],
            input: (Self.rows + [Self.rows[50].replacing("\"good\"", with: "\"bad\"")]).joined(
                separator: "\n"))
        #expect(against.code == 0 && against.notes.contains("80 rows kept"), "\(against.notes)")
        #expect(against.output == Self.rows[20...].joined(separator: "\n") + "\n")
    }

    @Test func `forms become each other, through standard input too`() throws {
        let csv = try Command(
            ["data", "convert", "-", "--format", "tsv", "--to", "csv"],
            input: "text\tlabel\na, b\tx\nsay \"c\"\ty\n")
        #expect(csv.code == 0 && csv.output == "text,label\n\"a, b\",x\n\"say \"\"c\"\"\",y\n", "\(csv)")
        let lines = try Command(["data", "convert", "-", "--to", "jsonl"], input: csv.output)
        #expect(
            lines.output
                == "{\"label\":\"x\",\"text\":\"a, b\"}\n{\"label\":\"y\",\"text\":\"say \\\"c\\\"\"}\n",
            "\(lines)")
        let tags = try Command(
            ["data", "convert", "-", "--task", "ner", "--to", "jsonl"], input: "in\tO\nRome\tB-LOC\n\n")
        #expect(tags.output == "{\"tags\":[\"O\",\"B-LOC\"],\"tokens\":[\"in\",\"Rome\"]}\n", "\(tags)")
        let back = try Command(
            ["data", "convert", "-", "--task", "ner", "--format", "jsonl", "--to", "conll"],
            input: tags.output)
        #expect(back.output == "in\tO\nRome\tB-LOC\n\n")
    }

    @Test(arguments: [
        ("data inspect DIR/nothing.jsonl", 74, "cannot be read"),
        ("data inspect DIR/empty.jsonl", 65, "is empty"),
        ("data inspect DIR/odd", 64, "say --format jsonl|csv"),
        ("data inspect DIR/p.parquet", 65, "pandas.read_parquet"),
        ("data inspect DIR/rows.jsonl --near 2", 64, "--near lies above 0"),
        ("data inspect DIR/rows.jsonl --model DIR", 74, "has no config.json"),
        ("data split DIR/rows.jsonl --output DIR/s --shares a=0.5,b=0.6", 64, "1 together"),
        ("data split DIR/rows.jsonl --output DIR/s --group nobody", 65, "column of the group"),
        ("data convert DIR/rows.jsonl --to conll", 65, "rows.jsonl:1: CoNLL has a tag for each word"),
        ("data dedupe DIR/rows.jsonl --exact --output DIR/no/where", 74, "cannot be written"),
    ])
    func `a mistake has its code and its sentence`(command: String, code: Int32, says: String) throws {
        let folder = try folder()
        try folder.write("empty.jsonl", "")
        try folder.write("odd", "just a word\n")
        try folder.write("p.parquet", "PAR1....")
        let result = try Command(
            command.split(separator: " ").map { String($0).replacing("DIR", with: folder.path) })
        #expect(result.code == code, "\(result.notes)")
        #expect(result.notes.contains(says), "\(result.notes)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/no"))
    }
}
