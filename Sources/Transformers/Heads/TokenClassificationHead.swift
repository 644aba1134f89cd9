import Corpus
public import Tensors

/// One score a label for each token.
public struct TokenClassificationHead: Head {
    /// [k, d].
    public var classifier: Linear

    public init(_ configuration: ModelConfiguration) {
        classifier = Linear(
            inputs: configuration.hiddenSize, outputs: configuration.labels.count, names: ["classifier"])
    }

    /// - Returns: logits [n, k].
    public func forward(_ hidden: Matrix, _ pass: Pass) -> (logits: Matrix, cache: Activations) {
        let (logits, cache) = classifier.forward(pass.dropped(hidden, site: HeadSite.dropout), pass)
        return (logits, cache)
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Activations, _ pass: Pass, into gradient: inout TokenClassificationHead
    ) -> Matrix {
        let ddropped = classifier.backward(dlogits, cache, pass, into: &gradient.classifier)
        return pass.dropped(ddropped, site: HeadSite.dropout)
    }

    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try classifier.visit("", body)
    }
}
