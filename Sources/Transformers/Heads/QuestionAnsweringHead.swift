public import Tensors

/// Two scores for each token: that an answer begins there, and that it ends there.
public struct QuestionAnsweringHead: Head {
    /// [2, d].
    public var classifier: Linear

    public init(_ configuration: ModelConfiguration) {
        classifier = Linear(inputs: configuration.hiddenSize, outputs: 2, names: ["qa_outputs"])
    }

    /// - Returns: logits [n, 2].
    public func forward(_ hidden: Matrix, _ pass: Pass) -> (logits: Matrix, cache: Activations) {
        let (logits, cache) = classifier.forward(hidden, pass)
        return (logits, cache)
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Activations, _ pass: Pass, into gradient: inout QuestionAnsweringHead
    ) -> Matrix {
        classifier.backward(dlogits, cache, pass, into: &gradient.classifier)
    }

    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try classifier.visit("", body)
    }
}
