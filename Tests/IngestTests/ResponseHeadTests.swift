import Ingest
import Testing

@Suite struct ResponseHeadTests {
    private func read(_ lines: [String]) -> HeadReader {
        var reader = HeadReader()
        for line in lines { _ = reader.take(Array((line + "\r\n").utf8)) }
        return reader
    }

    @Test func `names are compared without case and values without space`() {
        let head = read(["HTTP/1.1 200 OK", "Content-TYPE:\t text/csv \t", "X: 1", "x: 2", ""]).head

        #expect(head.statusCode == 200)
        #expect(head.value(of: "content-Type") == "text/csv")
        #expect(head.values(of: "X") == ["1", "2"])
        #expect(head.value(of: "Y") == nil)
    }

    @Test func `the last head counts, and trailers do not`() {
        let reader = read(["HTTP/1.1 100 Continue", "A: 1", "", "HTTP/2 204", "B: 2", "", "C: 3"])

        #expect(reader.isComplete)
        #expect(reader.head.statusCode == 204)
        #expect(reader.head.value(of: "A") == nil)
        #expect(reader.head.value(of: "B") == "2")
        #expect(reader.head.value(of: "C") == nil)
    }

    @Test func `nonsense is passed over`() {
        let head = read(["HTTP/1.1", "no colon", ": no name", "A:b:c", ""]).head

        #expect(head.statusCode == 0)
        #expect(head.value(of: "A") == "b:c")
    }

    @Test func `all heads of an answer together have a limit`() {
        var reader = HeadReader()
        let line = Array("HTTP/1.1 103 Early Hints\r\n".utf8)
        var count = 0
        while reader.take(line) != .tooLarge { count += line.count }

        #expect(count <= HeadReader.maximumBytes)
    }
}
