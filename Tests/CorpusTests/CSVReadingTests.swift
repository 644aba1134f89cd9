import Corpus
import Testing

@Suite struct CSVReadingTests {
    @Test func `quotes hold commas, quotes and line breaks`() {
        let (examples, rejected) = read(
            "label,text\r\ngood,\"a, \"\"b\"\"\r\nc\"\r\n\"bad\",d\r\n", as: .csv)
        #expect(rejected.isEmpty)
        #expect(examples.map(\.text) == ["a, \"b\"\r\nc", "d"])
        #expect(examples.map(\.label) == ["good", "bad"])
    }

    @Test func `lines are counted within quotes, too`() {
        let (_, rejected) = read("text,label\n\"a\n\nb\",x\nonly one\n", as: .csv)
        #expect(rejected.map(\.line) == [5])
        #expect(rejected.map(\.reason) == ["the row has 1 fields, the header 2"])
    }

    @Test func `a quote in the wrong place costs its row and no other`() {
        let (examples, rejected) = read(
            "text,label\n5\" pipe,x\na,good\nb \"c,y\n\"d\"e,z\nf,good\n", as: .csv)
        #expect(examples.map(\.text) == ["a", "f"])
        #expect(rejected.map(\.line) == [2, 4, 5])
        #expect(rejected.allSatisfy { $0.reason == "field 1 has a quote in the wrong place" })
    }

    @Test func `a quote that does not end is told`() {
        #expect(
            read("text,label\n\"a,x\nb,y\n", as: .csv).rejected.map(\.reason)
                == ["field 1 has a quote that does not end"])
    }

    @Test func `a byte order mark stands before the header, quoted or not`() {
        #expect(read("\u{FEFF}text,label\na,x\n", as: .csv).examples.map(\.text) == ["a"])
        let quoted = read(
            "\u{FEFF}\"text\",\"la\nbel\"\na,x\n", as: .csv, columns: ColumnMapping(label: "la\nbel"))
        #expect(quoted.examples.map(\.label) == ["x"])
    }

    @Test func `a header without the text is one complaint, however many rows follow`() {
        let lines = "content,label\n" + String(repeating: "a,x\n", count: 50)
        let (examples, rejected) = read(lines, as: .csv)
        #expect(examples.isEmpty)
        #expect(rejected.map(\.reason) == ["the header has no column \"text\": it has content, label"])
        #expect(rejected.map(\.line) == [1])
    }

    @Test(arguments: [
        ("te\"xt,label", "field 1 has a quote in the wrong place"),
        (String(repeating: "x", count: 101), "it is longer than 100 bytes"),
    ])
    func `a header that cannot be read is one complaint, and no row becomes the header`(
        header: String, problem: String
    ) {
        let rows = "\ntext,label\na,x\nb,x\n"
        let (examples, rejected) = read(header + rows, as: .csv, limits: RowLimits(maximumRowBytes: 100))
        #expect(examples.isEmpty)
        #expect(rejected.map(\.reason) == ["the header cannot be read: \(problem)"])
    }

    @Test func `a header without the label is told, and its rows have none`() {
        let (examples, rejected) = read("text,stars\na,5\n", as: .csv)
        #expect(examples.map(\.text) == ["a"])
        #expect(examples.map(\.label) == [nil])
        #expect(rejected.map(\.reason) == ["the header has no column \"label\": it has text, stars"])
    }

    @Test func `invalid UTF-8 and NUL cost their rows`() {
        let bytes = Array("text,label\na".utf8) + [0xFF] + Array(",x\nb\0,x\nc,x\n".utf8)
        let (examples, rejected) = RowReader(format: .csv, columns: ColumnMapping()).read(bytes.span)
        #expect(examples.map(\.text) == ["c"])
        #expect(
            rejected.map(\.reason)
                == ["field 1 is not valid UTF-8", "column \"text\" holds a NUL character"])
    }

    @Test func `an empty body holds no rows`() {
        for text in ["", "\n", "\u{FEFF}", "text,label", "text,label\r\n"] {
            let (examples, rejected) = read(text, as: .csv)
            #expect(examples.isEmpty && rejected.isEmpty)
        }
    }
}
