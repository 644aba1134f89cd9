import Corpus
import FoundationEssentials
import Testing

@Suite struct LabelSetTests {
    @Test func `the order of names is the order of outputs`() {
        let labels = LabelSet(names: ["negative", "neutral", "positive"])
        #expect(labels.count == 3)
        #expect(labels.names.map { labels.index(of: $0) } == [0, 1, 2])
        #expect(labels.index(of: "Positive") == nil)
    }

    @Test func `it is written as its names, and a repeated name is refused`() throws {
        let labels = LabelSet(names: ["b", "a"])
        let json = try JSONEncoder().encode(labels)
        #expect(String(decoding: json, as: UTF8.self) == #"["b","a"]"#)
        #expect(try JSONDecoder().decode(LabelSet.self, from: json) == labels)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LabelSet.self, from: Data(#"["a","a"]"#.utf8))
        }
    }
}
