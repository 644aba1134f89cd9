import Foundation
import Tensors
import TestSupport
import Testing
import Tokenizers
import Training
import Transformers

/// AdamW, clipping and the network together, against PyTorch.
@Suite struct ReferenceTests {
    private struct Reference: Decodable {
        var batch: [[Int32]]
        var types: [[Int32]]
        var labels: [Int]
        var losses: [Double]
    }

    @Test func `ten losses of a tiny BERT are PyTorch's`() throws {
        let file = fixturePath("../../TransformersTests/Fixtures/tiny-bert-reference.json")
        let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: URL(filePath: file)))
        var model = try Checkpoint(TinyTask.base).classificationModel()
        let pass = Pass(
            TokenBatch(
                zip(reference.batch, reference.types).map { ids, types in
                    var encoding = Encoding()
                    encoding.ids = ids
                    encoding.typeIDs = types
                    return encoding
                }))
        var optimizer = AdamW(model, TrainingArguments())

        var losses: [Double] = []
        for _ in reference.losses {
            let (logits, cache) = model.forward(pass)
            let (loss, dlogits) = CrossEntropy.lossAndGradient(logits, labels: reference.labels)
            var gradient = model.zeroGradient
            model.backward(dlogits, cache, pass, into: &gradient)
            optimizer.update(&model, gradient: gradient, learningRate: 1e-2, headLearningRate: 1e-2)
            losses.append(loss)
        }

        #expect(losses.count == 10)
        for (found, wanted) in zip(losses, reference.losses) { #expect(abs(found - wanted) < 2e-4) }
    }

    @Test func `ten losses of a tiny GPT-2 are PyTorch's`() throws {
        struct Reference: Decodable {
            var batch: [[Int32]]
            var losses: [Double]
        }
        let folder = "../../TransformersTests/Fixtures/tiny-gpt2"
        let file = fixturePath(folder + "-reference.json")
        let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: URL(filePath: file)))
        var model = try Checkpoint(fixturePath(folder)).languageModel()
        let pass = Pass(
            TokenBatch(
                reference.batch.map { ids in
                    var encoding = Encoding()
                    encoding.ids = ids
                    encoding.typeIDs = ids.map { _ in 0 }
                    return encoding
                }))
        var optimizer = AdamW(model, TrainingArguments())

        for wanted in reference.losses {
            let (logits, cache) = model.forward(pass)
            let (loss, dlogits, _) = NextTokenCrossEntropy.lossAndGradient(
                logits, next: NextTokenCrossEntropy.next(pass.batch))
            var gradient = model.zeroGradient
            model.backward(dlogits, cache, pass, into: &gradient)
            optimizer.update(&model, gradient: gradient, learningRate: 1e-2, headLearningRate: 1e-2)
            #expect(abs(loss - wanted) < 2e-4)
        }
    }
}
