import Foundation
import Tensors
import Transformers

/// Compares backward with central differences; says where they differ.
///
/// For each parameter, and for the input of a layer, the loss is measured on both sides of where it
/// is: once along the promised gradient, where the difference is largest, and once along a random
/// direction, where a gradient that points elsewhere promises something else. Everything comes from a
/// seed: the law either always holds or never.
struct GradientLaw {
    var step = 4e-3
    /// Of the gradient's norm.
    var tolerance = 0.01
    /// What rounding of a loss of about one leaves: 1e-7 · a few dozen operations / step.
    var noise = 2e-3

    /// The law for a layer and its input: the loss is the sum of the outputs, randomly weighted.
    func violations<L: Layer>(of layer: L, at x: Matrix, _ pass: Pass, seed: UInt64 = 1) -> [String] {
        var random = Philox(seed: seed, stream: 1)
        let (output, cache) = layer.forward(x, pass)
        let weights = Matrix.random(output.rows, output.columns, 1, &random)
        var gradient = layer
        gradient.visit("") { _, matrix in matrix = Matrix(rows: matrix.rows, columns: matrix.columns) }
        let dx = layer.backward(weights, cache, pass, into: &gradient)

        let aboutParameters = violations(
            of: layer, gradient: gradient, visit: { $0.visit("", $1) }, seed: seed,
            loss: { $0.forward(x, pass).output.dot(weights) })
        let aboutInput = violation(of: "x", at: x, gradient: dx, &random) {
            layer.forward($0, pass).output.dot(weights)
        }
        return aboutParameters + aboutInput
    }

    /// The law for anything with parameters and a loss.
    func violations<Value>(
        of value: Value, gradient: Value, visit: (inout Value, (Parameter, inout Matrix) -> Void) -> Void,
        seed: UInt64 = 1, loss: (Value) -> Double
    ) -> [String] {
        var random = Philox(seed: seed, stream: 2)
        var promised: [Matrix] = []
        var copy = gradient
        visit(&copy) { _, matrix in promised.append(matrix) }
        var start: [(name: String, matrix: Matrix)] = []
        copy = value
        visit(&copy) { start.append(($0.names[0], $1)) }
        return start.indices.flatMap { index in
            violation(of: start[index].name, at: start[index].matrix, gradient: promised[index], &random) {
                moved in
                var copy = value
                var place = 0
                visit(&copy) { _, matrix in
                    if place == index { matrix = moved }
                    place += 1
                }
                return loss(copy)
            }
        }
    }

    private func violation(
        of name: String, at x: Matrix, gradient: Matrix, _ random: inout Philox, _ loss: (Matrix) -> Double
    ) -> [String] {
        let norm = gradient.dot(gradient).squareRoot()
        guard norm > 0 else { return ["\(name) has no gradient at all"] }
        let other = Matrix.random(x.rows, x.columns, 1, &random)
        let directions = [(gradient, norm), (other, other.dot(other).squareRoot())]
        return directions.compactMap { direction, length in
            let promised = gradient.dot(direction) / length
            let measured =
                (loss(x.moved(by: step / length, along: direction))
                    - loss(x.moved(by: -step / length, along: direction)))
                / (2 * step)
            guard abs(measured - promised) > tolerance * norm + noise else { return nil }
            return "\(name): backward promises a slope of \(promised), measured is \(measured)"
        }
    }
}

extension Matrix {
    /// Independent normal numbers.
    static func random(_ rows: Int, _ columns: Int, _ deviation: Double, _ random: inout Philox) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in Float(deviation * random.nextNormal()) })
    }

    /// Σ of the products, in double.
    func dot(_ other: Matrix) -> Double {
        zip(values, other.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    func moved(by step: Double, along direction: Matrix) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: zip(values, direction.values).map { Float(Double($0) + step * Double($1)) })
    }
}
