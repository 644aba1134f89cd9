package import Tensors
package import Transformers

/// AdamW over all parameters of a model: the weights, their gradient and two moments in lockstep.
///
/// Source: Loshchilov and Hutter, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). With bias
/// correction, without which fine-tuning on few rows fails at random (Zhang et al.,
/// [arXiv:2006.05987](https://arxiv.org/abs/2006.05987)).
package struct AdamW {
    private let arguments: TrainingArguments
    /// Of each parameter, the share of the learning rate that it moves by; 0 where it is frozen.
    private let shares: [Float]
    package private(set) var moments1: [Matrix]
    package private(set) var moments2: [Matrix]
    package private(set) var step = 0

    package init(_ model: some Network, _ arguments: TrainingArguments) {
        self.arguments = arguments
        shares = Self.shares(model, arguments)
        let shapes = zip(shares, model.parameters).map { share, parameter in
            share > 0 ? (parameter.matrix.rows, parameter.matrix.columns) : (0, 0)
        }
        moments1 = shapes.map { Matrix(rows: $0, columns: $1) }
        moments2 = shapes.map { Matrix(rows: $0, columns: $1) }
    }

    /// An optimizer that goes on where another one was after `step` steps.
    package init(
        resuming moments1: [Matrix], _ moments2: [Matrix], step: Int, _ model: some Network,
        _ arguments: TrainingArguments
    ) {
        self.arguments = arguments
        shares = Self.shares(model, arguments)
        self.moments1 = moments1
        self.moments2 = moments2
        self.step = step
    }

    private static func shares(
        _ model: some Network, _ arguments: TrainingArguments
    ) -> [Float] {
        let layers = model.configuration.layers
        return zip(model.parameters, model.learning).map { parameter, isLearning in
            guard isLearning else { return 0 }
            guard let block = parameter.parameter.block else { return 1 }
            guard block >= arguments.frozenLayers || arguments.frozenLayers == 0 else { return 0 }
            return (block + 1..<layers).reduce(1) { share, _ in share * arguments.layerwiseDecay }
        }
    }

    /// A gradient to add to, zero; without room for the matrices that do not learn.
    package func zeroGradient<Model: Network>(of model: Model) -> Model {
        var gradient = model
        var shares = shares.makeIterator()
        gradient.visit { parameter, matrix in
            // Norms compute the gradient of their vectors on the way, wanted or not.
            let hasRoom = shares.next()! > 0 || parameter.isVector
            matrix =
                hasRoom ? Matrix(rows: matrix.rows, columns: matrix.columns) : Matrix(rows: 0, columns: 0)
        }
        return gradient
    }

    /// Moves the model against its gradient.
    ///
    /// - Returns: the norm of the gradient before clipping.
    @discardableResult
    package mutating func update<Model: Network>(
        _ model: inout Model, gradient: Model, learningRate: Float, headLearningRate: Float
    ) -> Double {
        step += 1
        let gradients = gradient.parameters.map(\.matrix)
        let norm = zip(gradients, shares).reduce(0) { sum, gradient in
            gradient.1 > 0 ? sum + gradient.0.sumOfSquares() : sum
        }.squareRoot()
        let limit = Double(arguments.maxGradNorm)
        let scale = Float(limit > 0 && norm > limit ? limit / norm : 1)
        var index = 0
        model.visit { parameter, weight in
            defer { index += 1 }
            guard shares[index] > 0 else { return }
            let update = AdamWStep(
                learningRate: parameter.isHead ? headLearningRate : learningRate * shares[index],
                beta1: arguments.adamBeta1, beta2: arguments.adamBeta2, epsilon: arguments.adamEpsilon,
                weightDecay: parameter.hasDecay ? arguments.weightDecay : 0, step: step, gradientScale: scale)
            update.apply(gradients[index], to: &weight, moment1: &moments1[index], moment2: &moments2[index])
        }
        model.mergeAdapters()
        return norm
    }
}
