import Tensors
import Testing
import Transformers

/// The whole network against central differences.
@Suite struct GradientTests {
    @Test(arguments: [Float(0), 0.2]) func `backward equals central differences`(_ dropout: Float) throws {
        let reference = try TinyBert.reference()
        let model = try TinyBert.model()
        let pass = Pass(reference.tokens, dropout: dropout, attentionDropout: dropout, seed: 11, step: 3)
        func loss(_ model: TextClassificationModel) -> (loss: Double, gradient: Matrix) {
            CrossEntropy.lossAndGradient(model.forward(pass).logits, labels: reference.labels)
        }
        var gradient = model.zeroGradient
        model.backward(loss(model).gradient, model.forward(pass).cache, pass, into: &gradient)

        let violations = GradientLaw(step: 2e-3, tolerance: 0.02, noise: 1e-3).violations(
            of: model, gradient: gradient, visit: { $0.visit($1) }, loss: { loss($0).loss })
        #expect(violations.filter { !$0.contains("no gradient at all") } == [])
        // A key's bias adds the same to all scores of a query, and softmax does not see it.
        #expect(violations.allSatisfy { $0.contains("self.query.bias") == false })
    }

    @Test func `in bf16 every gradient points where it points in f32`() throws {
        let reference = try TinyBert.reference()
        let model = try TinyBert.model()
        func gradient(_ precision: Precision) -> TextClassificationModel {
            let pass = Pass(
                reference.tokens, dropout: 0.1, attentionDropout: 0.1, seed: 1, step: 2, precision: precision)
            let (logits, cache) = model.forward(pass)
            let dlogits = CrossEntropy.lossAndGradient(logits, labels: reference.labels).gradient
            var gradient = model.zeroGradient
            model.backward(dlogits, cache, pass, into: &gradient)
            return gradient
        }
        for (exact, narrow) in zip(gradient(.f32).parameters, gradient(.bf16).parameters) {
            let (a, b) = (exact.matrix.values.map(Double.init), narrow.matrix.values.map(Double.init))
            let size = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let error = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(error < 0.02 * size + 1e-4, "\(exact.parameter.names[0]): \(error) of \(size)")
        }
    }

    @Test func `gradients are added to what is there`() throws {
        let reference = try TinyBert.reference()
        let model = try TinyBert.model()
        let pass = Pass(reference.tokens)
        let (logits, cache) = model.forward(pass)
        let dlogits = CrossEntropy.lossAndGradient(logits, labels: reference.labels).gradient
        var once = model.zeroGradient
        model.backward(dlogits, cache, pass, into: &once)
        var twice = once
        model.backward(dlogits, cache, pass, into: &twice)

        for (a, b) in zip(once.parameters, twice.parameters) {
            let worst = zip(a.matrix.values, b.matrix.values).map { abs(2 * $0 - $1) }.max() ?? 0
            #expect(worst < 1e-5, "\(a.parameter.names[0])")
        }
    }

    @Test func `dropout is another at each step and the same at the same step`() throws {
        let reference = try TinyBert.reference()
        let model = try TinyBert.model()
        func logits(step: Int) -> Matrix {
            model.forward(Pass(reference.tokens, dropout: 0.3, attentionDropout: 0.3, seed: 1, step: step))
                .logits
        }
        #expect(logits(step: 1) == logits(step: 1))
        #expect(logits(step: 1) != logits(step: 2))
    }
}
