import FoundationEssentials
import TestSupport
import Testing
import Tokenizers

/// Id for id and offset for offset what Hugging Face's `tokenizers` gives
/// (`Tests/Reference/tokenizers_parity.py`).
@Suite struct ParityTests {
    struct Hostile: Decodable {
        var cases: [Case]

        struct Case: Decodable {
            var text: String
            var pair: String?
            var maximumLength: Int?
            var ids: [Int32]
            var typeIDs: [Int32]?
            var offsets: [Int]
            var isTruncated: Bool
        }
    }

    struct Parity: Decodable {
        var hostile: [UInt32]
        var files: [String: [[String]]]
        var scalars: [String]
    }

    @Test func `hostile texts, pairs and truncations give the same ids, types and offsets`() throws {
        let tokenizer = try bert()
        let cases = try JSONDecoder().decode(Hostile.self, from: fixture("hostile.json")).cases
        #expect(cases.count == 500)
        for (number, wanted) in cases.enumerated() {
            let found = tokenizer.encode(
                wanted.text, pair: wanted.pair, maximumLength: wanted.maximumLength ?? .max)
            let name: Comment = "case \(number): \(wanted.text.debugDescription)"
            #expect(found.ids == wanted.ids, name)
            #expect(found.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == wanted.offsets, name)
            #expect(found.typeIDs == wanted.typeIDs ?? wanted.ids.map { _ in 0 }, name)
            #expect(found.isTruncated == wanted.isTruncated, name)
        }
    }

    @Test(arguments: ["movies", "tweets", "amazon", "news"])
    func `real texts and their mutations give the same ids and offsets`(name: String) throws {
        let parity = try JSONDecoder().decode(Parity.self, from: fixture("parity.json"))
        let tokenizer = try bert()
        let texts = Texts(
            lines: try lines(of: name), hostile: parity.hostile.compactMap { Unicode.Scalar($0) })
        for number in 0..<Texts.variants {
            let variant = texts.lines.indices.map { texts.variant(number, ofLine: $0) }
            let wanted = try #require(parity.files[name])[number]
            #expect(checksums(of: variant, by: tokenizer) == wanted, "variant \(number)")
        }
    }

    @Test func `every Unicode scalar gives the same ids and offsets`() throws {
        let parity = try JSONDecoder().decode(Parity.self, from: fixture("parity.json"))
        let found = checksums(of: Texts.everyScalar(), by: try bert())
        let different = zip(found, parity.scalars).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        #expect(found.count == parity.scalars.count)
        #expect(different.isEmpty, "thousands of texts that differ; number n begins at scalar 64,000 · n")
    }
}
