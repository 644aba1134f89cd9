import Foundation
import TestSupport
import Testing
import Tokenizers

/// Added tokens with all their flags, id for id and offset for offset as Hugging Face's `tokenizers`
/// finds them (`Tests/Reference/tokenizers_added_tokens.py`).
@Suite struct AddedTokensTests {
    private struct Case: Decodable {
        var text: String
        var ids: [Int32]
        var offsets: [Int]
    }

    private struct Model {
        let tokenizer: any Tokenizer
        let cases: [Case]
    }

    private func models() throws -> [Model] {
        let whole = try JSONSerialization.jsonObject(with: fixture("added-tokens.json"))
        let models = try #require((whole as? [String: Any])?["models"] as? [[String: Any]])
        return try models.map { model in
            let file = try JSONSerialization.data(withJSONObject: try #require(model["file"]))
            let cases = try JSONSerialization.data(withJSONObject: try #require(model["cases"]))
            return Model(
                tokenizer: try tokenizer(of: ["tokenizer.json": file]),
                cases: try JSONDecoder().decode([Case].self, from: cases))
        }
    }

    @Test func `hostile texts give the same ids and offsets, whatever the flags`() throws {
        let models = try models()
        #expect(models.count == 12)
        for (number, model) in models.enumerated() {
            #expect(!model.cases.isEmpty)
            for wanted in model.cases {
                let found = model.tokenizer.encode(wanted.text)
                let scalars = wanted.text.unicodeScalars.map { String($0.value, radix: 16) }
                let name: Comment = "model \(number): \(scalars.joined(separator: " "))"
                #expect(found.ids == wanted.ids, name)
                #expect(found.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == wanted.offsets, name)
            }
        }
    }
}
