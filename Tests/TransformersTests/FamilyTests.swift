import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Each family against `transformers`; see `Tests/Reference/torch_families.py`.
@Suite struct FamilyTests {
    static let names = ["distilbert", "roberta", "xlm-roberta", "electra", "mpnet"]

    private struct Reference: Decodable {
        var batch: [[Int32]]
        var types: [[Int32]]
        var labels: [Int]
    }

    private static func folder(_ name: String) -> String { fixturePath("families/\(name)") }

    private static func reference() throws -> (tokens: TokenBatch, labels: [Int]) {
        let reference = try JSONDecoder().decode(Reference.self, from: fixture("families/families.json"))
        return (TokenBatch(ids: reference.batch, types: reference.types), reference.labels)
    }

    private static func gradient(
        _ model: TextClassificationModel, _ pass: Pass, _ labels: [Int]
    ) -> (logits: Matrix, loss: Double, gradient: TextClassificationModel) {
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits) = CrossEntropy.lossAndGradient(logits, labels: labels)
        var gradient = model.zeroGradient
        model.backward(dlogits, cache, pass, into: &gradient)
        return (logits, loss, gradient)
    }

    @Test(arguments: names) func `logits and every gradient are PyTorch's`(_ name: String) throws {
        let (tokens, labels) = try Self.reference()
        let model = try Checkpoint(Self.folder(name)).classificationModel()
        let expected = try Safetensors(Self.folder(name) + "/reference.safetensors")

        let (logits, loss, gradient) = Self.gradient(model, Pass(tokens), labels)

        expectNear(logits, try expected.matrix("logits", shape: [4, 3]), "logits")
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

    /// But DistilBERT, whose rectifier has a kink that no step is too small to meet.
    @Test(arguments: names.filter { $0 != "distilbert" })
    func `backward equals central differences, dropout included`(_ name: String) throws {
        let (tokens, labels) = try Self.reference()
        let model = try Checkpoint(Self.folder(name)).classificationModel()
        let pass = Pass(tokens, dropout: 0.2, attentionDropout: 0.2, seed: 11, step: 3)
        let violations = GradientLaw(step: 1e-3, tolerance: 0.02, noise: 2e-3).violations(
            of: model, gradient: Self.gradient(model, pass, labels).gradient, visit: { $0.visit($1) }
        ) {
            CrossEntropy.lossAndGradient($0.forward(pass).logits, labels: labels).loss
        }
        #expect(violations.filter { !$0.contains("no gradient at all") } == [])
    }

    @Test(arguments: names) func `what is written has the file's own tensors, bit for bit`(_ name: String)
        throws
    {
        let scratch = try ScratchFolder()
        let checkpoint = try Checkpoint(Self.folder(name))
        try checkpoint.write(checkpoint.classificationModel(), to: scratch.path)
        let before = try Safetensors(Self.folder(name) + "/model.safetensors")
        let after = try Safetensors(scratch.path + "/model.safetensors")
        #expect(after.tensors.mapValues(\.shape) == before.tensors.mapValues(\.shape))
        for (key, tensor) in before.tensors {
            #expect(
                try after.matrix(key, shape: tensor.shape) == before.matrix(key, shape: tensor.shape),
                "\(key)")
        }
        let (old, new) = try (json(Self.folder(name)), json(scratch.path))
        for (key, value) in old { #expect(value == new[key], "\(key)") }
    }

    @Test(arguments: names, Precision.allCases)
    func `the serving form gives the training form's logits`(_ name: String, _ precision: Precision) throws {
        let checkpoint = try Checkpoint(Self.folder(name))
        let model = try checkpoint.classificationModel()
        let classifier = TextClassifier(
            model, tokenizer: checkpoint.tokenizer, maximumLength: 32, precision: precision)
        let encodings = ["a good film", "the film was bad . the film was bad . the film was . . a"].map {
            classifier.encode($0, pair: nil)
        }
        let logits = model.forward(Pass(TokenBatch(encodings))).logits
        let tolerance: Float = precision == .f32 ? 1e-5 : 0.3
        for (row, prediction) in classifier.predict(encodings).enumerated() {
            for (a, b) in zip(prediction.logits, logits[row: row]) { #expect(abs(a - b) < tolerance) }
        }
    }

    @Test(arguments: names, [Precision.f32, .bf16])
    func `a compiled encoder is read again from its cache`(_ name: String, _ precision: Precision) throws {
        let scratch = try ScratchFolder()
        let cache = ServingCache(folder: scratch.path)
        let checkpoint = try Checkpoint(Self.folder(name))
        let weights = try ContentHash.ofFile(Self.folder(name) + "/model.safetensors")
        let made = try TextClassifier(folder: Self.folder(name), precision: precision)
        try made.keep(in: cache, weights: weights)
        let read = try #require(
            try TextClassifier(checkpoint, weights: weights, from: cache, precision: precision))
        let encodings = ["a good film", "the film was bad . the film was bad"].map {
            made.encode($0, pair: nil)
        }
        #expect(read.predict(encodings) == made.predict(encodings))
    }

    @Test(arguments: names) func `adapters take BERT's names and the family's own`(_ name: String) throws {
        let own = ["distilbert": "q_lin", "mpnet": "attn.q"][name] ?? "query"
        for target in ["query", own] {
            var model = try Checkpoint(Self.folder(name)).classificationModel()
            #expect(model.adapt(LowRankPlan(targetModules: [target]), seed: 1) == 2)
            let adapters = model.parameters.filter { $0.parameter.isAdapter }.flatMap(\.parameter.names)
            #expect(adapters.allSatisfy { $0.contains("." + own + ".lora_") })
        }
    }

    @Test func `a text is as long as positions behind the padding reach`() throws {
        for name in Self.names { #expect(try Checkpoint(Self.folder(name)).maximumLength == 32) }
    }

    @Test func `a network that is none of the families is refused by its name`() throws {
        let scratch = try ScratchFolder()
        try TinyBert.copy(to: scratch.path + "/t5", changing: ["model_type": "t5"])
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(scratch.path + "/t5") }
        #expect(error?.description.contains("\"model_type\" is \"t5\"") == true)
        #expect(error?.description.contains("\"xlm-roberta\"") == true)
    }

    @Test(.enabled(if: Peer.python != nil, "PEER_PYTHON names no Python"), arguments: names)
    func `transformers loads what is written by the family's own class`(_ name: String) throws {
        let scratch = try ScratchFolder()
        let checkpoint = try Checkpoint(Self.folder(name))
        let model = try checkpoint.classificationModel()
        try checkpoint.write(model, to: scratch.path)
        try Peer.check(scratch.path, Self.reference().tokens) { model.forward(Pass($0)).logits }
    }

    private func json(_ folder: String) throws -> [String: NSObject] {
        let data = try Data(contentsOf: URL(filePath: folder + "/config.json"))
        return try JSONSerialization.jsonObject(with: data) as! [String: NSObject]
    }
}
