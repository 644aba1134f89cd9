import Corpus
import Tensors
import Testing
import Transformers

@Suite struct LowRankAdapterTests {
    /// A tiny BERT whose adapters have learned something already: fresh ones, zero, have half of their
    /// gradients zero too.
    private static func adapted(_ plan: LowRankPlan, skippedBlocks: Int = 0) throws -> TextClassificationModel
    {
        var model = try TinyBert.model()
        _ = model.adapt(plan, skippedBlocks: skippedBlocks, seed: 5)
        var random = Philox(seed: 6, stream: 1)
        model.visit { parameter, matrix in
            guard parameter.isAdapter else { return }
            matrix = .random(matrix.rows, matrix.columns, 0.2, &random)
        }
        model.mergeAdapters()
        return model
    }

    private static func gradient(
        of model: TextClassificationModel, _ pass: Pass, _ labels: [Int]
    ) -> TextClassificationModel {
        let (logits, cache) = model.forward(pass)
        var gradient = model.zeroGradient
        model.backward(
            CrossEntropy.lossAndGradient(logits, labels: labels).gradient, cache, pass, into: &gradient)
        return gradient
    }

    private static let plans = [
        LowRankPlan(rank: 2), LowRankPlan(rank: 3, alpha: 4, targetModules: ["key", "output.dense"]),
        LowRankPlan(rank: 1, alpha: 2, targetModules: ["all-linear"]),
    ]

    @Test(arguments: plans) func `backward equals central differences`(_ plan: LowRankPlan) throws {
        let reference = try TinyBert.reference()
        let model = try Self.adapted(plan)
        let pass = Pass(reference.tokens, dropout: 0.1, attentionDropout: 0.1, seed: 11, step: 3)

        let violations = GradientLaw(step: 2e-3, tolerance: 0.02, noise: 1e-3).violations(
            of: model, gradient: Self.gradient(of: model, pass, reference.labels), visit: { $0.visit($1) }
        ) { moved in
            var moved = moved
            moved.mergeAdapters()
            return CrossEntropy.lossAndGradient(moved.forward(pass).logits, labels: reference.labels).loss
        }
        #expect(violations.filter { $0.contains("lora_") || $0.contains("classifier") } == [])
    }

    /// The plain way: the weight's whole gradient first, and then the chain rule.
    @Test(arguments: plans) func `the factors' gradients are those that the weight's gradient implies`(
        _ plan: LowRankPlan
    ) throws {
        let reference = try TinyBert.reference()
        let model = try Self.adapted(plan)
        let pass = Pass(reference.tokens)
        var free = model
        free.visitLayers { $0.isFrozen = false }
        let full = Self.gradient(of: free, pass, reference.labels)
        let thin = Self.gradient(of: model, pass, reference.labels)
        for (block, (all, own)) in zip(full.encoder.blocks, thin.encoder.blocks).enumerated() {
            let weight = all.attention.queryKeyValue.weight
            guard let learned = own.attention.queryKeyValue.adapter else { continue }
            let adapter = model.encoder.blocks[block].attention.queryKeyValue.adapter!
            let places =
                plan.targetModules == ["query", "value"] ? [0, 2] : plan.rank == 1 ? [0, 1, 2] : [1]
            let (d, r, scale) = (weight.columns, plan.rank, plan.alpha / Float(plan.rank))
            for (pair, place) in places.enumerated() {
                for row in 0..<d {
                    for c in 0..<r {
                        let db = (0..<d).reduce(Float(0)) {
                            $0 + weight[place * d + row, $1] * adapter.a[pair * r + c, $1]
                        }
                        #expect(abs(learned.b[pair * d + row, c] - scale * db) < 1e-4)
                        let da = (0..<d).reduce(Float(0)) {
                            $0 + weight[place * d + $1, row] * adapter.b[pair * d + $1, c]
                        }
                        #expect(abs(learned.a[pair * r + c, row] - scale * da) < 1e-4)
                    }
                }
            }
        }
    }

    @Test func `a fresh adapter changes nothing`() throws {
        let reference = try TinyBert.reference()
        var model = try TinyBert.model()
        let before = model.forward(Pass(reference.tokens)).logits
        #expect(model.adapt(LowRankPlan(targetModules: ["all-linear"]), seed: 1) == 6 * 2 + 1)
        model.mergeAdapters()
        #expect(model.forward(Pass(reference.tokens)).logits == before)
    }

    @Test func `layers are named by the ends of their names, and lower blocks are left out`() throws {
        func names(_ targets: [String], skipped: Int = 0) throws -> [String] {
            var model = try TinyBert.model()
            _ = model.adapt(LowRankPlan(targetModules: targets), skippedBlocks: skipped, seed: 1)
            return model.parameters.filter { $0.parameter.isAdapter }.flatMap(\.parameter.names)
        }
        #expect(
            try names(["value"], skipped: 1).map { String($0.suffix(55)) } == [
                "bert.encoder.layer.1.attention.self.value.lora_A.weight",
                "bert.encoder.layer.1.attention.self.value.lora_B.weight",
            ])
        #expect(try names(["attention.output.dense"]).count == 4)
        #expect(try names(["alue", "no.such"]) == [])
    }
}

extension TextClassificationModel {
    fileprivate mutating func visitLayers(_ body: (inout Linear) -> Void) {
        for index in encoder.blocks.indices {
            body(&encoder.blocks[index].attention.queryKeyValue)
            body(&encoder.blocks[index].attention.output)
            body(&encoder.blocks[index].feedForward.intermediate)
            body(&encoder.blocks[index].feedForward.output)
        }
    }
}
