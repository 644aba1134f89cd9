import Corpus
import FoundationEssentials
import TestSupport
import Testing

@Suite struct RowReaderTests {
    @Test func `how the bytes are cut makes no difference`() {
        var random = SplitMix64(seed: 11)
        let limits = RowLimits(maximumRowBytes: 120, maximumRows: 20)
        for round in 0..<300 {
            let bytes = random.rows(random.next(below: 60))
            for format in RowFormat.allCases {
                let whole = RowReader(format: format, columns: ColumnMapping(), limits: limits)
                let expected = whole.read(bytes.span)
                var reader = whole
                var start = 0
                while start < bytes.count {
                    let end = min(bytes.count, start + random.next(below: 9))
                    reader.feed(bytes[start..<end].span)
                    start = end
                }
                reader.finish()
                #expect(reader.examples == expected.examples, "round \(round)")
                #expect(reader.rejected == expected.rejected, "round \(round)")
                #expect(reader.consumedBytes == bytes.count)
            }
        }
    }

    @Test func `any bytes at all give rows or reasons, never more than there are lines`() {
        var random = SplitMix64(seed: 12)
        for _ in 0..<300 {
            let bytes = (0..<random.next(below: 400)).map { _ in UInt8(random.next(below: 256)) }
            for format in RowFormat.allCases {
                let (examples, rejected) = RowReader(format: format, columns: ColumnMapping()).read(
                    bytes.span)
                let lines = bytes.count { $0 == 0x0A } + 1
                #expect(examples.count + rejected.count <= lines)
                #expect(rejected.allSatisfy { (1...lines).contains($0.line) && $0.excerpt.count <= 200 })
                #expect(examples.allSatisfy { !$0.text.isEmpty })
            }
        }
    }

    @Test func `a row that is too long is passed over without being held`() {
        let limits = RowLimits(maximumRowBytes: 1_000)
        var reader = RowReader(format: .jsonLines, columns: ColumnMapping(), limits: limits)
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        for _ in 0..<64 { reader.feed(chunk.span) }
        reader.feed(Array("\n{\"text\":\"next\"}\n".utf8).span)
        reader.finish()
        #expect(reader.examples.map(\.text) == ["next"])
        #expect(reader.rejected.map(\.reason) == ["the row is longer than 1000 bytes"])
        #expect(reader.rejected.map(\.excerpt.count) == [200])
    }

    @Test func `rows after the maximum are left, and that is told`() {
        var reader = RowReader(
            format: .csv, columns: ColumnMapping(), limits: RowLimits(maximumRows: 2))
        reader.feed(Array("text,label\na,x\nb\n".utf8).span)
        #expect(!reader.isTruncated)
        reader.feed(Array("c,x\n".utf8).span)
        #expect(reader.isTruncated)
        #expect(reader.examples.count + reader.rejected.count == 2)
    }

    @Test func `a reading goes on where the last complete row ended`() {
        var reader = RowReader(format: .jsonLines, columns: ColumnMapping())
        reader.feed(Array("{\"text\":\"a\"}\n{\"text\":".utf8).span)
        #expect(reader.consumedBytes == 13)
        #expect(reader.examples.map(\.text) == ["a"])
        reader.feed(Array("\"b\"}\n".utf8).span)
        #expect(reader.consumedBytes == 26)
    }

    @Test(arguments: [
        ("\"2026-01-02T03:04:05Z\"", 1_767_323_045.0), ("\"2026-01-02T03:04:05+02:00\"", 1_767_315_845),
        ("\"2026-01-02T03:04:05.250Z\"", 1_767_323_045.25), ("\"2026-01-02 03:04:05\"", 1_767_323_045),
        ("\"2026-01-02\"", 1_767_312_000), ("1767323045", 1_767_323_045), ("1767323045250", 1_767_323_045.25),
        ("\" 1767323045.5 \"", 1_767_323_045.5), ("-1", -1), ("0", 0),
    ])
    func `times are ISO 8601, seconds or milliseconds`(written: String, seconds: Double) throws {
        let (examples, _) = read(
            #"{"text":"a","time":\#(written)}"#, as: .jsonLines, columns: ColumnMapping(time: "time"))
        let found = try #require(examples.first?.observedAt).timeIntervalSince1970
        #expect(abs(found - seconds) < 1e-3)
    }

    @Test(arguments: ["\"yesterday\"", "\"\"", "\"nan\"", "1e300", "\"2026-13-01\"", "true"])
    func `what is no time costs its row`(written: String) {
        let (examples, rejected) = read(
            #"{"text":"a","time":\#(written)}"#, as: .jsonLines, columns: ColumnMapping(time: "time"))
        #expect(examples.isEmpty)
        #expect(rejected.first?.reason.hasPrefix("the time ") == true)
    }
}
