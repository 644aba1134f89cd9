import Ingest
import Testing

@Suite struct AddressTests {
    @Test func `an address is taken apart`() throws {
        let address = try Address("HTTPS://Example.ORG:8443/a/b?key=1#part")

        #expect(address.scheme == .https)
        #expect(address.host == "example.org")
        #expect(address.port == 8_443)
        #expect(address.url == "HTTPS://Example.ORG:8443/a/b?key=1")
        #expect(address.printable == "HTTPS://Example.ORG:8443/a/b")
    }

    @Test(arguments: [
        "", "example.org", "//example.org", "ftp://example.org/", "http:/example.org", "http://",
        "http:///path", "https://?q",
        "http://user@example.org/", "http://user:password@example.org/",
        "http://good.example\\@evil.example/",
        "http://good.example @evil.example/", "http://exämple.org/", "http://example.org/\u{0}",
        "http://example.org/\n",
        "file://server/share", "javascript://example.org/%0aalert(1)", "http://[::1/",
        "http://example.org:port/",
    ])
    func `what two parsers may read in two ways is refused`(text: String) {
        #expect(throws: IngestError.self) { try Address(text) }
    }

    @Test func `an error repeats neither query nor password`() throws {
        for text in [
            "ftp://example.org/?key=s3cret", "http://u:s3cret@example.org/",
            "http://example.org/ä?key=s3cret",
        ] {
            let error = try #require(throws: IngestError.self) { try Address(text) }
            #expect(!"\(error)".contains("s3cret"))
        }
    }

    @Test func `a secret travels no further than scheme, host and port`() throws {
        let home = try Address("https://example.org/a")
        let same = ["https://EXAMPLE.org/b?c", "https://example.org:443/"]
        let other = [
            "http://example.org/a", "https://example.org:444/a", "https://www.example.org/a",
            "https://example.org.evil.example/",
        ]

        for text in same { #expect(home.hasSameOrigin(as: try Address(text))) }
        for text in other { #expect(!home.hasSameOrigin(as: try Address(text))) }
    }

    @Test(arguments: [
        ("http://h/p", "http://h/p?c=%26%20%C3%BC%2F%25"), ("http://h/p?", "http://h/p?c=%26%20%C3%BC%2F%25"),
        ("http://h/p?a=1", "http://h/p?a=1&c=%26%20%C3%BC%2F%25"),
        ("http://h/p?a=1&", "http://h/p?a=1&c=%26%20%C3%BC%2F%25"),
        ("http://h/p#x", "http://h/p?c=%26%20%C3%BC%2F%25"),
    ])
    func `a parameter is added and cannot add another`(base: String, whole: String) throws {
        #expect(try Address(base).adding("c", "& ü/%").url == whole)
    }

    @Test(arguments: [
        ("?page=2", "https://h/a/b?page=2"), ("c", "https://h/a/c"), ("/c", "https://h/c"),
        ("../c", "https://h/c"),
        ("//other.example/c", "https://other.example/c"), ("http://x/y", "http://x/y"),
    ])
    func `a reference is resolved`(reference: String, whole: String) throws {
        #expect(try Address("https://h/a/b?page=1").resolving(reference).url == whole)
    }

    @Test func `a hostile reference is refused`() throws {
        let base = try Address("https://h/a")
        for reference in [
            "//user@evil.example/", "javascript:alert(1)", "\\\\evil.example", "https://e vil/",
        ] {
            #expect(throws: IngestError.self) { try base.resolving(reference) }
        }
    }

    @Test func `a file has a path`() throws {
        #expect(try Address("file:///a%20b/%C3%BC.jsonl").filePath == "/a b/ü.jsonl")
        #expect(try Address("file://localhost/a").filePath == "/a")
    }
}
