import Corpus
import FoundationEssentials
import Testing

@Suite struct JSONLinesReadingTests {
    @Test func `columns are found by name and by path`() {
        let columns = ColumnMapping(
            text: "data.text", label: "data.sentiment", pair: "data.context", time: "at", id: "key",
            labelNames: ["1": "positive"])
        let row =
            #"{"data":{"text":"fine","sentiment":1,"context":"film"},"at":"2026-01-02T03:04:05Z","key":7}"#

        let (examples, rejected) = read(row, as: .jsonLines, columns: columns)

        #expect(rejected.isEmpty)
        #expect(
            examples == [
                Example(
                    text: "fine", pair: "film", target: .label("positive"),
                    observedAt: Date(timeIntervalSince1970: 1_767_323_045), id: "7")
            ])
    }

    @Test func `a key with dots in it comes before a path`() {
        let row = #"{"data.text":"direct","data":{"text":"nested"}}"#
        #expect(
            read(row, as: .jsonLines, columns: ColumnMapping(text: "data.text")).examples.map(\.text)
                == ["direct"])
    }

    @Test(arguments: [
        ("1", "1"), ("-0.50", "-0.50"), ("1e3", "1e3"), ("true", "true"), ("false", "false"),
        (#"" good ""#, "good"), (#""\u0067ood""#, "good"),
    ])
    func `numbers and booleans are labels as they are written`(written: String, label: String) {
        #expect(read(#"{"text":"a","label":\#(written)}"#, as: .jsonLines).examples.map(\.label) == [label])
    }

    @Test(arguments: [#"{"text":"a"}"#, #"{"text":"a","label":null}"#, #"{"text":"a","label":"  "}"#])
    func `a row without a label is a row without a target`(row: String) {
        #expect(read(row, as: .jsonLines).examples.map(\.target) == [nil])
    }

    @Test func `escapes and surrogate pairs become their characters`() {
        let row = #"{"text":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00"}"#
        #expect(read(row, as: .jsonLines).examples.map(\.text) == ["\"\\/\u{8}\u{C}\n\r\té\u{1F600}"])
    }

    @Test func `each reason names the fault`() {
        #expect(reason("{}") == #"the text (column "text") is missing or empty"#)
        #expect(reason(#"{"text":" \t\u2003"}"#) == #"the text (column "text") is missing or empty"#)
        #expect(reason(#"{"text":["a"]}"#) == #"column "text" holds no plain value"#)
        #expect(reason(#"{"text":"a","label":{}}"#) == #"column "label" holds no plain value"#)
        #expect(reason(#"{"text":"a\u0000b"}"#) == #"column "text" holds a NUL character"#)
        #expect(reason(#"["a"]"#) == "the line is JSON but no object")
        #expect(
            reason(#"{"text":"abcd"}"#, limits: RowLimits(maximumTextScalars: 3))
                == #"column "text" is longer than 3 characters"#)
        #expect(
            reason(#"{"text":"a","label":"\#(String(repeating: "x", count: 201))"}"#)
                == "the label is longer than 200 bytes")
        #expect(
            reason(#"{"text":"a"} x"#) == "the line is not JSON: something stands after the value at byte 14")
        #expect(reason(#"{"text":"\ud83d"}"#)?.contains("half a surrogate pair stands") == true)
    }

    @Test(arguments: [
        "{", "}", "nul", "tru", "[1,]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, "01", "-",
        "1.", ".5",
        "1e", "+1", "0x10", "NaN", "Infinity", #"""#, #""\x""#, #""\u12"#, #""\u12G4""#, "\"\t\"", "'a'",
        "// a",
        #""\ud800\u0041""#, #""\udc00""#, "\u{1F600}", #"{"a":1 "b":2}"#, "[1 2]", "1 1",
    ])
    func `what is not JSON is rejected`(text: String) {
        #expect(reason(text)?.hasPrefix("the line is not JSON: ") == true)
        #expect(reason(#"{"text":"a","x":\#(text)}"#)?.hasPrefix("the line is not JSON: ") == true)
    }

    @Test(arguments: [
        "null", "0", "-0", "1.5e+10", "[]", "{}", "[[],{}]", #"" ""#, #"{"":0}"#, #"{"a":1,"a":2}"#,
    ])
    func `what is JSON is read`(text: String) {
        #expect(read(#" { "text" : "a" , "x" : \#(text) } "#, as: .jsonLines).examples.count == 1)
    }

    @Test func `nesting has a floor`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(reason(#"{"text":"a","x":\#(deep)"#)?.contains("nested more than 32 deep") == true)
        let nested = String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
        #expect(read(#"{"text":"a","x":\#(nested)}"#, as: .jsonLines).examples.count == 1)
    }

    @Test func `invalid UTF-8 costs its row, and the line is told`() {
        let good = Array(#"{"text":"a"}"#.utf8) + [0x0A]
        for bad: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]] {
            let row = Array(#"{"text":""#.utf8) + bad + Array("\"}\n".utf8)
            let (examples, rejected) = RowReader(format: .jsonLines, columns: ColumnMapping())
                .read((good + row + good).span)
            #expect(examples.count == 2)
            #expect(rejected.map(\.line) == [2])
            #expect(rejected[0].reason.contains("invalid UTF-8 stands"))
        }
    }

    @Test func `a byte order mark, CRLF, blank lines and a missing last line break do no harm`() {
        let text = "\u{FEFF}{\"text\":\"a\"}\r\n\r\n \t\n{\"text\":\"b\"}\nx\n{\"text\":\"c\"}"
        let (examples, rejected) = read(text, as: .jsonLines)
        #expect(examples.map(\.text) == ["a", "b", "c"])
        #expect(rejected.map(\.line) == [5])
    }
}
