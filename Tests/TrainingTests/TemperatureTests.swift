import Foundation
import Tensors
import Testing
import Training

@Suite struct TemperatureTests {
    /// Logits whose probabilities are true: labels are drawn by softmax(logits).
    private func calibrated(_ count: Int) -> (logits: [[Float]], labels: [Int]) {
        var random = Philox(seed: 3, stream: 0)
        let logits = (0..<count).map { _ in (0..<3).map { _ in Float(2 * random.nextNormal()) } }
        let labels = logits.map { row in
            let weights = row.map { exp(Double($0)) }
            var rest = Double.random(in: 0..<weights.reduce(0, +), using: &random)
            return weights.firstIndex {
                rest -= $0
                return rest < 0
            } ?? 2
        }
        return (logits, labels)
    }

    @Test(arguments: [Float(1), 3, 0.5]) func `it finds the factor that logits are off by`(_ factor: Float) {
        let (logits, labels) = calibrated(4_000)
        let found = fitTemperature(logits: logits.map { $0.map { $0 * factor } }, labels: labels)
        #expect(abs(found.temperature / Double(factor) - 1) < 0.07)
    }

    @Test func `the loss is the mean one at the temperature, whatever logits are off by`() {
        let (logits, labels) = calibrated(500)
        let fit = fitTemperature(logits: logits, labels: labels)
        let losses = zip(logits, labels).map { row, label in
            let scaled = row.map { Double($0) / fit.temperature }
            return log(scaled.reduce(0) { $0 + exp($1) }) - scaled[label]
        }
        #expect(abs(fit.lossInNats - losses.reduce(0, +) / 500) < 1e-9)

        let louder = fitTemperature(logits: logits.map { $0.map { $0 * 2 } }, labels: labels)
        #expect(abs(louder.lossInNats - fit.lossInNats) < 1e-6)
    }

    @Test func `it lies within its bounds where rows decide nothing`() {
        #expect(fitTemperature(logits: [], labels: []) == (1, 0))
        let sure = fitTemperature(logits: [[9, 0], [0, 9]], labels: [0, 1])
        let wrong = fitTemperature(logits: [[9, 0], [0, 9]], labels: [1, 0])
        #expect((0.24...0.3).contains(sure.temperature))
        #expect((7...8.1).contains(wrong.temperature))
    }
}
