import Ingest
import Testing

@Suite struct ContentRangeTests {
    @Test func `a range is read`() {
        #expect(ContentRange("bytes 200-999/1000") == ContentRange(bytes: 200..<1_000, total: 1_000))
        #expect(ContentRange("Bytes 0-0/*") == ContentRange(bytes: 0..<1, total: nil))
        #expect(ContentRange("bytes */1000") == ContentRange(bytes: nil, total: 1_000))
    }

    @Test(arguments: [
        "", "bytes", "bytes 1-2", "rows 1-2/3", "bytes 2-1/3", "bytes 0-3/3", "bytes -1/3", "bytes 1-/3",
        "bytes a-b/c",
        "bytes 0-1/-5", "bytes 0-1/2/3", "bytes 0-99999999999999999999/*", "bytes 0-9223372036854775807/*",
    ])
    func `what contradicts itself is none`(text: String) {
        #expect(ContentRange(text) == nil)
    }
}

@Suite struct ByteOffsetTests {
    @Test(arguments: [
        ByteOffset(offset: 0), ByteOffset(offset: .max), ByteOffset(offset: 5, header: "a,\"b\nc\" "),
        ByteOffset(offset: 5, header: ""),
    ])
    func `a cursor comes back as it was written`(position: ByteOffset) {
        #expect(ByteOffset(position.cursor) == position)
    }

    @Test(arguments: ["", "-1", "+1", "1a", "token", " 1", "99999999999999999999"])
    func `the cursor of another kind is none`(cursor: String) {
        #expect(ByteOffset(cursor) == nil)
    }
}
