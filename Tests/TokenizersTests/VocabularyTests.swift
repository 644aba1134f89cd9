import Testing
import Tokenizers

@Suite struct VocabularyTests {
    @Test func `every token of the real vocabulary is found under its id`() throws {
        let vocabulary = try bert().vocabulary
        #expect(vocabulary.count == 30_522)
        for (id, token) in vocabulary.tokens.enumerated() where vocabulary.id(of: token) != Int32(id) {
            Issue.record("\(token) is found under \(String(describing: vocabulary.id(of: token)))")
        }
    }

    @Test func `tokens are told apart by their bytes, not by what they look like`() {
        let vocabulary = Vocabulary(tokens: ["\u{E9}", "e\u{301}", ""])
        #expect(vocabulary.id(of: "\u{E9}") == 0)
        #expect(vocabulary.id(of: "e\u{301}") == 1)
        #expect(vocabulary.id(of: "") == 2)
        #expect(vocabulary.id(of: "e") == nil)
    }

    @Test func `an empty vocabulary knows nothing`() {
        #expect(Vocabulary(tokens: []).id(of: "a") == nil)
    }
}
