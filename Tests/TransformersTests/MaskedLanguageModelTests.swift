import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Masked language models against `transformers`; see `Tests/Reference/torch_masked.py`.
@Suite struct MaskedLanguageModelTests {
    static let names = ["bert", "distilbert", "roberta", "electra", "mpnet"]

    private struct Reference: Decodable {
        var batch: [[Int32]]
        /// Places within each text.
        var asked: [[Int]]
        var truths: [[Int32]]

        var tokens: TokenBatch { TokenBatch(ids: batch) }

        /// Places within the batch.
        var places: [Int] { zip(tokens.offsets, asked).flatMap { start, own in own.map { start + $0 } } }
    }

    private static func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: fixture("masked/masked.json"))
    }

    private static func folder(_ name: String) -> String { fixturePath("masked/\(name)") }

    private static func gradient(
        _ model: MaskedLanguageModel, _ pass: Pass, _ truths: [Int32]
    ) -> (logits: Matrix, loss: Double, gradient: MaskedLanguageModel) {
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits, _) = NextTokenCrossEntropy.lossAndGradient(logits, next: truths)
        var gradient = model.zeroGradient
        model.backward(dlogits, cache, pass, into: &gradient)
        return (logits, loss, gradient)
    }

    @Test(arguments: names) func `logits, loss and every gradient are PyTorch's`(_ name: String) throws {
        let reference = try Self.reference()
        let model = try Checkpoint(Self.folder(name)).maskedLanguageModel(seed: 1)
        let expected = try Safetensors(Self.folder(name) + "/reference.safetensors")
        var pass = Pass(reference.tokens)
        pass.asked = reference.places

        let (logits, loss, gradient) = Self.gradient(model, pass, reference.truths.flatMap { $0 })

        expectNear(logits, try expected.matrix("logits", shape: [6, 12]), "logits")
        #expect(try abs(loss - Double(expected.matrix("loss", shape: [1])[0, 0])) < 1e-5)
        var compared: Set = ["logits", "loss"]
        for (parameter, matrix) in gradient.parameters {
            let shape = parameter.shape(of: matrix)
            let wanted = try parameter.names.flatMap { try expected.matrix($0, shape: shape).values }
            expectNear(
                matrix, Matrix(rows: matrix.rows, columns: matrix.columns, values: wanted), parameter.names[0]
            )
            compared.formUnion(parameter.names)
        }
        #expect(compared == Set(expected.tensors.keys))
    }

    @Test(arguments: names) func `backward equals central differences, dropout included`(_ name: String)
        throws
    {
        let reference = try Self.reference()
        let truths = reference.truths.flatMap { $0 }
        let model = try Checkpoint(Self.folder(name)).maskedLanguageModel(seed: 1)
        var pass = Pass(reference.tokens, dropout: 0.2, attentionDropout: 0.2, seed: 11, step: 3)
        pass.asked = reference.places
        let violations = GradientLaw(step: 1e-3, tolerance: 0.02, noise: 2e-3).violations(
            of: model, gradient: Self.gradient(model, pass, truths).gradient, visit: { $0.visit($1) }
        ) {
            NextTokenCrossEntropy.lossAndGradient($0.forward(pass).logits, next: truths).loss
        }
        #expect(violations.filter { !$0.contains("no gradient at all") } == [])
    }

    @Test func `who asks for some tokens gets those of all`() throws {
        let reference = try Self.reference()
        let model = try Checkpoint(Self.folder("bert")).maskedLanguageModel(seed: 1)
        var pass = Pass(reference.tokens)
        let all = model.forward(pass).logits
        #expect(all.rows == pass.batch.tokens)
        pass.asked = reference.places
        #expect(model.forward(pass).logits == all.rows(reference.places))
    }

    @Test(arguments: names) func `what is written has the file's own tensors, bit for bit`(_ name: String)
        throws
    {
        let scratch = try ScratchFolder()
        let checkpoint = try Checkpoint(Self.folder(name))
        try checkpoint.write(checkpoint.maskedLanguageModel(seed: 1), to: scratch.path)
        let before = try Safetensors(Self.folder(name) + "/model.safetensors")
        let after = try Safetensors(scratch.path + "/model.safetensors")
        #expect(after.tensors.mapValues(\.shape) == before.tensors.mapValues(\.shape))
        for (key, tensor) in before.tensors {
            #expect(
                try after.matrix(key, shape: tensor.shape) == before.matrix(key, shape: tensor.shape),
                "\(key)")
        }
        let text = try String(contentsOfFile: scratch.path + "/config.json", encoding: .utf8)
        #expect(text.contains("ForMaskedLM\"") && !text.contains("id2label"))
    }

    @Test(arguments: names) func `its encoder is where a classifier begins`(_ name: String) throws {
        let scratch = try ScratchFolder()
        let checkpoint = try Checkpoint(Self.folder(name))
        let learned = try checkpoint.maskedLanguageModel(seed: 1)
        try checkpoint.write(learned, to: scratch.path)
        let base = try Checkpoint(scratch.path)
        let classifier = try base.model(for: LabelSet(names: ["no", "yes"]), seed: 1)
        var (wanted, found) = (learned.encoder, classifier.encoder)
        var weights: [Matrix] = []
        wanted.visit("") { _, matrix in weights.append(matrix) }
        found.visit("") { #expect($1 == weights.removeFirst(), "\($0.names)") }
        try base.write(classifier, to: scratch.path + "/classifier")
        let text = try String(contentsOfFile: scratch.path + "/classifier/config.json", encoding: .utf8)
        #expect(!text.contains("ForMaskedLM"))
    }

    @Test func `a checkpoint without the head gets one, small and random`() throws {
        let checkpoint = try Checkpoint(fixturePath("families/distilbert"))
        let model = try checkpoint.maskedLanguageModel(seed: 3)
        let weights = model.head.dense.weight.values
        #expect(weights.map(abs).max()! < 0.1 && weights.contains { $0 != 0 })
        #expect(model.head.norm.weight.values.allSatisfy { $0 == 1 })
        #expect(try checkpoint.maskedLanguageModel(seed: 3).head.dense.weight == model.head.dense.weight)
        #expect(try checkpoint.maskedLanguageModel(seed: 4).head.dense.weight != model.head.dense.weight)
    }

    @Test func `what has no masks, or words of its own for them, is refused`() throws {
        let scratch = try ScratchFolder()
        #expect(throws: CheckpointError.self) {
            try Checkpoint(fixturePath("tiny-gpt2")).maskedLanguageModel(seed: 1)
        }
        try TinyBert.copy(to: scratch.path + "/untied", changing: ["tie_word_embeddings": false])
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(scratch.path + "/untied").maskedLanguageModel(seed: 1)
        }
        #expect(error?.description.contains("\"tie_word_embeddings\" is false") == true)
    }

    @Test(.enabled(if: Peer.python != nil, "PEER_PYTHON names no Python"), arguments: names)
    func `transformers loads what is written by the family's own class`(_ name: String) throws {
        let scratch = try ScratchFolder()
        let checkpoint = try Checkpoint(Self.folder(name))
        let model = try checkpoint.maskedLanguageModel(seed: 1)
        try checkpoint.write(model, to: scratch.path)
        try Peer.check(scratch.path, Self.reference().tokens) { model.forward(Pass($0)).logits }
    }
}
