import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// A tiny GPT-2 against `transformers`; see `Tests/Reference/torch_tiny_gpt2.py`.
@Suite struct GPT2Tests {
    private static func step(
        _ model: CausalLanguageModel, _ pass: Pass
    ) -> (logits: Matrix, loss: Double, gradient: CausalLanguageModel) {
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits, _) = NextTokenCrossEntropy.lossAndGradient(
            logits, next: NextTokenCrossEntropy.next(pass.batch))
        var gradient = model.zeroGradient
        model.backward(dlogits, cache, pass, into: &gradient)
        return (logits, loss, gradient)
    }

    @Test func `logits, the loss and every gradient are PyTorch's`() throws {
        let reference = try TinyGPT2.reference()
        let expected = try Safetensors(fixturePath("tiny-gpt2-reference.safetensors"))

        let (logits, loss, gradient) = Self.step(try TinyGPT2.model(), Pass(TokenBatch(ids: reference.batch)))

        let second = Matrix(rows: 11, columns: 16, values: (3..<14).flatMap { logits[row: $0] })
        expectNear(second, try expected.matrix("logits", shape: [11, 16]), "logits")
        #expect(abs(loss - reference.losses[0]) < 1e-5)
        var compared: Set = ["logits"]
        for (parameter, matrix) in gradient.parameters {
            let shape = parameter.shape(of: matrix)
            let wanted = try expected.matrix(parameter.names[0], shape: shape)
            // GPT-2's weights lie turned over in files.
            let turned = Matrix(
                rows: matrix.rows, columns: matrix.columns,
                values: (0..<matrix.count).map { i in
                    let (row, column) = i.quotientAndRemainder(dividingBy: matrix.columns)
                    return parameter.isTransposed ? wanted[column, row] : wanted.values[i]
                })
            expectNear(matrix, turned, parameter.names[0])
            compared.formUnion(parameter.names)
        }
        #expect(compared == Set(expected.tensors.keys))
    }

    @Test(arguments: [Float(0), 0.2]) func `backward equals central differences`(_ dropout: Float) throws {
        let reference = try TinyGPT2.reference()
        let model = try TinyGPT2.model()
        let pass = Pass(
            TokenBatch(ids: reference.batch), dropout: dropout, attentionDropout: dropout, seed: 11, step: 3)
        let next = NextTokenCrossEntropy.next(pass.batch)

        let violations = GradientLaw(step: 2e-3, tolerance: 0.02, noise: 1e-3).violations(
            of: model, gradient: Self.step(model, pass).gradient, visit: { $0.visit($1) }
        ) {
            NextTokenCrossEntropy.lossAndGradient($0.forward(pass).logits, next: next).loss
        }
        #expect(violations == [])
    }

    /// Its weights are large: roundings grow more than in a model that was trained.
    @Test func `in bf16 every gradient points where it points in f32`() throws {
        let reference = try TinyGPT2.reference()
        let model = try TinyGPT2.model()
        func gradient(_ precision: Precision) -> CausalLanguageModel {
            Self.step(model, Pass(TokenBatch(ids: reference.batch), precision: precision)).gradient
        }
        for (exact, narrow) in zip(gradient(.f32).parameters, gradient(.bf16).parameters) {
            let size = exact.matrix.dot(exact.matrix).squareRoot()
            let error = exact.matrix.moved(by: -1, along: narrow.matrix)
            #expect(
                error.dot(error).squareRoot() < 0.08 * size + 1e-4, "\(exact.parameter.names[0]) of \(size)")
        }
    }

    @Test func `the table of words is one, and its gradient has both its uses`() throws {
        let model = try TinyGPT2.model()
        let names = model.parameters.flatMap(\.parameter.names)
        #expect(names.count { $0.contains("wte") } == 1)
        // Words that no text has are scored all the same.
        let gradient = Self.step(model, Pass(TokenBatch(ids: [[5, 6, 8]]))).gradient
        #expect(gradient.decoder.word[row: 12].contains { $0 != 0 })
    }

    @Test func `a token sees nothing of what comes after it`() throws {
        let model = try TinyGPT2.model()
        let short = model.forward(Pass(TokenBatch(ids: [[10, 8, 9]]))).logits
        let long = model.forward(Pass(TokenBatch(ids: [[10, 8, 9, 12, 13]]))).logits
        for row in 0..<3 { #expect(short[row: row] == long[row: row]) }
    }

    @Test func `what is written has the file's own tensors, bit for bit`() throws {
        let scratch = try ScratchFolder()
        try Checkpoint(TinyGPT2.folder).write(TinyGPT2.model(), to: scratch.path)
        let before = try Safetensors(TinyGPT2.folder + "/model.safetensors")
        let after = try Safetensors(scratch.path + "/model.safetensors")
        #expect(after.tensors.mapValues(\.shape) == before.tensors.mapValues(\.shape))
        for (key, tensor) in before.tensors {
            guard tensor.shape.count <= 2 else { continue }
            #expect(
                try after.matrix(key, shape: tensor.shape) == before.matrix(key, shape: tensor.shape),
                "\(key)")
        }
    }

    @Test func `a decoder is refused where a class is asked for, and an encoder where text is`() throws {
        #expect(throws: CheckpointError.self) { try Checkpoint(TinyGPT2.folder).classificationModel() }
        let error = #expect(throws: CheckpointError.self) { try TextGenerator(folder: TinyBert.folder) }
        #expect(error?.description.contains("one for text-generation is needed") == true)
    }

    @Test(.enabled(if: Peer.python != nil, "PEER_PYTHON names no Python"))
    func `transformers loads what is written as GPT2LMHeadModel`() throws {
        let scratch = try ScratchFolder()
        let model = try TinyGPT2.model()
        try Checkpoint(TinyGPT2.folder).write(model, to: scratch.path)
        try Peer.check(scratch.path, TokenBatch(ids: TinyGPT2.reference().batch)) {
            model.forward(Pass($0)).logits
        }
    }
}

/// The tiny GPT-2 that PyTorch was asked about.
enum TinyGPT2 {
    static var folder: String { fixturePath("tiny-gpt2") }

    struct Greedy: Decodable {
        var prompt: [Int32]
        var penalty: Float
        var ids: [Int32]
    }

    struct Sampler: Decodable {
        var temperature: Float
        var top_k: Int
        var top_p: Float
        var penalty: Float
        var scores: [Float?]
    }

    struct Reference: Decodable {
        var batch: [[Int32]]
        var losses: [Double]
        var greedy: [Greedy]
        var text: [Int32]
        var logits: [Float]
        var samplers: [Sampler]
    }

    static func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: fixture("tiny-gpt2-reference.json"))
    }

    static func model() throws -> CausalLanguageModel { try Checkpoint(folder).languageModel() }
}
