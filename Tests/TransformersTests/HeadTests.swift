import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Each head and its loss against `transformers`; see `Tests/Reference/torch_heads.py`.
@Suite struct HeadTests {
    private struct Reference: Decodable {
        var batch: [[Int32]]
        var types: [[Int32]]
        var tokenLabels: [[Int]]
        var starts: [Int]
        var ends: [Int]
    }

    private let reference: Reference
    private let batch: TokenBatch

    init() throws {
        reference = try JSONDecoder().decode(Reference.self, from: fixture("heads/heads.json"))
        batch = TokenBatch(ids: reference.batch, types: reference.types)
    }

    /// Compares logits, loss and gradients with PyTorch, and slopes of the loss with the gradient; then
    /// writes the model and lets `transformers` read it.
    private func check<TaskHead>(
        _ task: TaskKind, _ head: TaskHead.Type, labels: [String],
        loss: (Matrix) -> (loss: Double, gradient: Matrix)
    ) throws where TaskHead: Head {
        let folder = fixturePath("heads/\(task.rawValue)")
        let checkpoint = try Checkpoint(folder)
        #expect(checkpoint.configuration.task == task)
        let model: EncoderModel<TaskHead> = try checkpoint.model(
            for: task, labels: LabelSet(names: labels), seed: 1)
        let expected = try Safetensors(folder + "/reference.safetensors")

        let (logits, cache) = model.forward(Pass(batch))
        let (found, dlogits) = loss(logits)
        var gradient = model.zeroGradient
        model.backward(dlogits, cache, Pass(batch), into: &gradient)

        expectNear(logits, try expected.matrix("logits", shape: [logits.rows, logits.columns]), "logits")
        #expect(try abs(found - Double(expected.matrix("loss", shape: [1])[0, 0])) < 1e-5)
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

        let violations = GradientLaw(step: 1e-3, tolerance: 0.02, noise: 2e-3).violations(
            of: logits, gradient: dlogits, visit: { $1(Self.input, &$0) }, loss: { loss($0).loss })
        #expect(violations == [])

        let scratch = try ScratchFolder()
        try checkpoint.write(model, to: scratch.path)
        let (before, after) = try (
            Safetensors(folder + "/model.safetensors"), Safetensors(scratch.path + "/model.safetensors")
        )
        #expect(after.tensors.mapValues(\.shape) == before.tensors.mapValues(\.shape))
        let again: EncoderModel<TaskHead> = try Checkpoint(scratch.path).model(
            for: task, labels: LabelSet(names: labels), seed: 1)
        #expect(again.forward(Pass(batch)).logits == logits)
        if Peer.python != nil { try Peer.check(scratch.path, batch) { model.forward(Pass($0)).logits } }
    }

    private static let input = Parameter(["input"])

    @Test func `several labels at once, by binary cross-entropy`() throws {
        try check(
            .multiLabelClassification, SequenceClassificationHead.self, labels: ["fast", "cheap", "good"]
        ) {
            BinaryCrossEntropy.lossAndGradient($0, labels: [[0, 2], [], [1]])
        }
    }

    @Test func `a score, by squared error`() throws {
        try check(.scoring, SequenceClassificationHead.self, labels: ["score"]) {
            SquaredError.lossAndGradient($0, scores: [0.25, -1.5, 3])
        }
    }

    @Test func `tags, of which some tokens have none`() throws {
        let labels = reference.tokenLabels.flatMap { $0 }
        try check(.tokenClassification, TokenClassificationHead.self, labels: ["O", "B-PER", "I-PER"]) {
            CrossEntropy.lossAndGradient($0, labels: labels)
        }
    }

    @Test func `answers, and none`() throws {
        let answers = zip(reference.starts, reference.ends).map { $0...$1 }
        try check(.questionAnswering, QuestionAnsweringHead.self, labels: []) {
            SpanCrossEntropy.lossAndGradient($0, offsets: batch.offsets, answers: answers)
        }
    }

    @Test(arguments: [Float(0), 0.3]) func `dropout before tags is the same forward and backward`(
        _ dropout: Float
    )
        throws
    {
        let model: EncoderModel<TokenClassificationHead> = try Checkpoint(
            fixturePath("heads/token-classification")
        ).model(for: .tokenClassification, labels: LabelSet(names: ["O", "B-PER", "I-PER"]), seed: 1)
        let pass = Pass(batch, dropout: dropout, seed: 3, step: 1)
        let labels = reference.tokenLabels.flatMap { $0 }
        func loss(_ model: EncoderModel<TokenClassificationHead>) -> (loss: Double, gradient: Matrix) {
            CrossEntropy.lossAndGradient(model.forward(pass).logits, labels: labels)
        }
        var gradient = model.zeroGradient
        model.backward(loss(model).gradient, model.forward(pass).cache, pass, into: &gradient)
        let violations = GradientLaw(step: 1e-3, tolerance: 0.02, noise: 2e-3).violations(
            of: model, gradient: gradient, visit: { $0.visit($1) }, loss: { loss($0).loss })
        #expect(violations.filter { !$0.contains("no gradient at all") } == [])
    }

    @Test func `a model of another task gets a new head, and keeps its network`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        let model: EncoderModel<TokenClassificationHead> = try checkpoint.model(
            for: .tokenClassification, labels: LabelSet(names: ["O", "B-X"]), seed: 1)
        #expect(model.head.classifier.weight.rows == 2)
        #expect(model.encoder.embedding.word == (try TinyBert.model().encoder.embedding.word))
        let scratch = try ScratchFolder()
        try checkpoint.write(model, to: scratch.path)
        #expect(try Checkpoint(scratch.path).configuration.task == .tokenClassification)
        let error = #expect(throws: CheckpointError.self) { try TextClassifier(folder: scratch.path) }
        #expect(error?.description.contains("token-classification") == true)
    }

    @Test func `logits far apart have finite losses and gradients`() {
        let far = Matrix(rows: 2, columns: 2, values: [1e4, -1e4, -1e4, 1e4])
        let (binary, dbinary) = BinaryCrossEntropy.lossAndGradient(far, labels: [[1], [1]])
        #expect(abs(binary - 5_000) < 1 && dbinary.values.allSatisfy(\.isFinite))
        let (next, dnext, losses) = NextTokenCrossEntropy.lossAndGradient(far, next: [1, -1])
        #expect(abs(next - 20_000) < 1 && losses[1] == 0 && dnext.values == [1, -1, 0, 0])
    }
}
