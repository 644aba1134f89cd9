public import Tensors

/// y = (x − mean)/√(variance + ε) · weight + bias, row by row.
///
/// Source: Ba, Kiros and Hinton, [arXiv:1607.06450](https://arxiv.org/abs/1607.06450).
public struct LayerNorm: Layer {
    /// [1, d].
    public var weight: Matrix
    /// [1, d].
    public var bias: Matrix
    public let epsilon: Float
    private let name: String

    public init(size: Int, epsilon: Float, name: String) {
        weight = Matrix(rows: 1, columns: size, values: [Float](repeating: 1, count: size))
        bias = Matrix(rows: 1, columns: size)
        self.epsilon = epsilon
        self.name = name
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: NormalizedRows) {
        x.layerNormForTraining(weight: weight, bias: bias, epsilon: epsilon, pass.precision)
    }

    /// With n = (x − mean)/σ and g = dy·weight:  dx = (g − mean(g) − n·mean(g·n))/σ
    public func backward(
        _ dy: Matrix, _ cache: NormalizedRows, _ pass: Pass, into gradient: inout LayerNorm
    ) -> Matrix {
        dy.layerNormBackward(cache, weight: weight, dweight: &gradient.weight, dbias: &gradient.bias)
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try body(Parameter([prefix + name + ".weight"], isVector: true, hasDecay: false), &weight)
        try body(Parameter([prefix + name + ".bias"], isVector: true, hasDecay: false), &bias)
    }
}
