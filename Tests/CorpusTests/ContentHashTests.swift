import Corpus
import FoundationEssentials
import TestSupport
import Testing

@Suite struct ContentHashTests {
    struct Reference: Decodable {
        var rows: [Row]

        struct Row: Decodable {
            var text: String
            var pair: String?
            var label: String?
            var hash: String
        }
    }

    @Test func `rows hash as the reference says`() throws {
        let rows = try JSONDecoder().decode(Reference.self, from: fixture("hashes.json")).rows
        #expect(rows.count == 11)
        for row in rows {
            let example = Example(text: row.text, pair: row.pair, target: row.label.map(Target.label))
            #expect(ContentHash(of: example).hex == row.hash)
        }
    }

    @Test func `what a row says counts; when, whence and in which Unicode form does not`() {
        let row = Example(text: "caf\u{E9}", target: .label("x"))
        var same = row
        same.text = "cafe\u{301}"
        same.observedAt = Date(timeIntervalSince1970: 0)
        same.id = "7"
        same.metadata = ["a": "b"]
        #expect(ContentHash(of: row) == ContentHash(of: same))
        for other in [
            Example(text: "cafe", target: .label("x")), Example(text: "caf\u{E9}", target: .label("y")),
            Example(text: "caf\u{E9}"), Example(text: "caf\u{E9}", pair: "", target: .label("x")),
        ] {
            #expect(ContentHash(of: row) != ContentHash(of: other))
        }
    }

    @Test func `bytes and files hash as SHA-256`() throws {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(ContentHash(ofBytes: Data("abc".utf8)).hex == abc)
        let path = FileManager.default.temporaryDirectory.appending(path: "hash-\(UUID().uuidString)")
        try Data("abc".utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        #expect(try ContentHash.ofFile(path.path).hex == abc)
        #expect(throws: (any Error).self) { try ContentHash.ofFile(path.path + ".missing") }
    }

    @Test func `it is written as 64 lower hexadecimal digits and read as nothing else`() throws {
        let hash = ContentHash(ofBytes: Data())
        let json = try JSONEncoder().encode([hash])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(hash.hex)\"]")
        #expect(try JSONDecoder().decode([ContentHash].self, from: json) == [hash])
        #expect(ContentHash(hex: hash.hex) == hash)
        for wrong in ["", "abc", hash.hex.uppercased(), hash.hex + "0", String(repeating: "g", count: 64)] {
            #expect(ContentHash(hex: wrong) == nil)
        }
    }
}
