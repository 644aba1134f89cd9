import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// What dark experience replay adds to a loss, beside what PyTorch says: `Tests/Reference/torch_logit_distance.py`.
@Suite struct LogitDistanceTests {
    private struct Reference: Decodable {
        var weight: Float
        var replayed: [Int]
        var labels: [Int]
        var logits: [[Float]]
        var earlier: [[Float]]
        var loss: Double
        var gradient: [[Float]]
    }

    @Test func `loss and gradient are PyTorch's`() throws {
        let reference = try JSONDecoder().decode(Reference.self, from: fixture("logit-distance.json"))
        let logits = Matrix(rows: 5, columns: 3, values: reference.logits.flatMap { $0 })
        let targets = reference.earlier.enumerated().map { reference.replayed.contains($0) ? $1 : nil }
        let labelled = CrossEntropy.lossAndGradient(logits, labels: reference.labels)
        let distance = LogitDistance.lossAndGradient(logits, targets: targets, weight: reference.weight)
        #expect(abs(labelled.loss + distance.loss - reference.loss) < 1e-6)
        for (row, expected) in reference.gradient.enumerated() {
            for (column, value) in expected.enumerated() {
                let found = labelled.gradient[row, column] + distance.gradient[row, column]
                #expect(abs(found - value) < 1e-6)
            }
        }
    }

    @Test func `rows that nobody spoke of before are left alone`() {
        let logits = Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
        let (loss, gradient) = LogitDistance.lossAndGradient(logits, targets: [nil, nil], weight: 1)
        #expect(loss == 0 && gradient.values.allSatisfy { $0 == 0 })
    }
}
