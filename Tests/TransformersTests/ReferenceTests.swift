import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

@Suite struct ReferenceTests {
    @Test func `the logits of a tiny BERT are PyTorch's`() throws {
        let reference = try TinyBert.reference()

        let (logits, _) = try TinyBert.model().forward(Pass(reference.tokens))

        for (row, expected) in reference.logits.enumerated() {
            #expect(worstDifference(logits[row: row], expected) < 1e-5)
        }
    }

    @Test func `every gradient of a tiny BERT is PyTorch's`() throws {
        let reference = try TinyBert.reference()
        let model = try TinyBert.model()
        let pass = Pass(reference.tokens)

        let (logits, cache) = model.forward(pass)
        let (loss, dlogits) = CrossEntropy.lossAndGradient(logits, labels: reference.labels)
        var gradient = model.zeroGradient
        model.backward(dlogits, cache, pass, into: &gradient)

        #expect(abs(loss - reference.losses[0]) < 1e-5)
        let expected = try Safetensors(fixturePath("tiny-bert-reference.safetensors"))
        var compared: Set<String> = []
        for (parameter, matrix) in gradient.parameters {
            let shape = parameter.shape(of: matrix)
            let wanted = try parameter.names.flatMap { try expected.matrix($0, shape: shape).values }
            let largest = wanted.map(abs).max() ?? 0
            let worst = worstDifference(matrix.values, wanted)
            #expect(worst < 1e-5 * max(1, largest), "\(parameter.names[0]) differs by \(worst) of \(largest)")
            compared.formUnion(parameter.names)
        }
        #expect(compared == Set(expected.tensors.keys))
    }

    /// What `torch_minilm.py` wrote for one text; vectors are cut to their beginning.
    private struct Row: Decodable {
        var text: String
        var tokens: Int
        var first: [Float]
        var last: [Float]
        var mean: [Float]
        var norm: Float
        var logits: [Float]
    }

    private func minilm() throws -> (rows: [Row], checkpoint: Checkpoint, model: TextClassificationModel) {
        struct Reference: Decodable { var rows: [Row] }
        let reference = try JSONDecoder().decode(Reference.self, from: fixture("minilm.json"))
        let checkpoint = try Checkpoint(TestData.baseModel())
        var model = try checkpoint.model(for: .init(names: ["a", "b", "c"]), seed: 1)
        let weight = model.head.classifier.weight
        model.head.classifier.weight = Matrix(
            rows: weight.rows, columns: weight.columns,
            values: (0..<weight.count).map { Float(sin(Double($0))) })
        return (reference.rows, checkpoint, model)
    }

    @Test func `MiniLM's hidden states are those of transformers`() throws {
        let (rows, checkpoint, model) = try minilm()
        for row in rows {
            let encoding = checkpoint.tokenizer.encode(row.text, pair: nil, maximumLength: 256)
            try #require(encoding.ids.count == row.tokens)

            let (hidden, _) = model.encoder.forward(Pass(TokenBatch([encoding])))

            #expect(worstDifference(hidden[row: 0], row.first) < 1e-4)
            #expect(worstDifference(hidden[row: row.tokens - 1], row.last) < 1e-4)
        }
    }

    @Test func `MiniLM's embeddings and logits are those of transformers`() throws {
        let (rows, checkpoint, model) = try minilm()
        let classifier = TextClassifier(model, tokenizer: checkpoint.tokenizer, maximumLength: 256)
        let encodings = rows.map { classifier.encode($0.text, pair: nil) }

        let embeddings = classifier.embed(encodings)
        let predictions = classifier.predict(encodings)

        for (index, row) in rows.enumerated() {
            let mean = embeddings[row: index]
            #expect(worstDifference(mean, row.mean) < 1e-4)
            #expect(abs(mean.reduce(0) { $0 + $1 * $1 }.squareRoot() - row.norm) < 1e-4)
            #expect(worstDifference(predictions[index].logits, row.logits) < 1e-4)
        }
    }

    /// Over the elements that were written down.
    private func worstDifference(_ found: [Float], _ wanted: [Float]) -> Float {
        zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
    }
}
