import Tensors
package import Transformers

/// AdamW over all parameters of a model: the weights, their gradient and two moments in lockstep.
///
/// Source: Loshchilov and Hutter, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). With bias
/// correction, without which fine-tuning on few rows fails at random (Zhang et al.,
/// [arXiv:2006.05987](https://arxiv.org/abs/2006.05987)).
package struct AdamW {
    private let arguments: TrainingArguments
    private var moments1: [Matrix]
    private var moments2: [Matrix]
    private var step = 0

    package init(_ model: TextClassificationModel, _ arguments: TrainingArguments) {
        self.arguments = arguments
        let shapes = model.parameters.map { ($0.matrix.rows, $0.matrix.columns) }
        moments1 = shapes.map { Matrix(rows: $0, columns: $1) }
        moments2 = shapes.map { Matrix(rows: $0, columns: $1) }
    }

    /// Moves the model against its gradient.
    ///
    /// - Returns: the norm of the gradient before clipping.
    @discardableResult
    package mutating func update(
        _ model: inout TextClassificationModel, gradient: TextClassificationModel, learningRate: Float,
        headLearningRate: Float
    ) -> Double {
        step += 1
        let gradients = gradient.parameters.map(\.matrix)
        let norm = gradients.reduce(0) { $0 + $1.sumOfSquares() }.squareRoot()
        let limit = Double(arguments.maxGradNorm)
        let scale = Float(limit > 0 && norm > limit ? limit / norm : 1)
        var index = 0
        model.visit { parameter, weight in
            let isHead = parameter.isHead
            let update = AdamWStep(
                learningRate: isHead ? headLearningRate : learningRate, beta1: arguments.adamBeta1,
                beta2: arguments.adamBeta2, epsilon: arguments.adamEpsilon,
                weightDecay: parameter.hasDecay ? arguments.weightDecay : 0, step: step, gradientScale: scale)
            update.apply(gradients[index], to: &weight, moment1: &moments1[index], moment2: &moments2[index])
            index += 1
        }
        return norm
    }
}
