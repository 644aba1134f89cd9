public import Tensors

/// One vector a sentence, then one score a label.
public struct SequenceClassificationHead: Sendable {
    public let pooling: Pooling
    /// BERT's tanh layer; only with `Pooling.cls`.
    public var pooler: Linear?
    /// [k, d].
    public var classifier: Linear

    static let dropoutSite = 1 << 14

    public struct Cache: Sendable {
        let first: Activations?
        let pooled: Matrix
        let dropped: Activations
    }

    public init(hiddenSize d: Int, labels k: Int, pooling: Pooling) {
        self.pooling = pooling
        pooler = pooling == .cls ? Linear(inputs: d, outputs: d, names: ["pooler.dense"]) : nil
        classifier = Linear(inputs: d, outputs: k, names: ["classifier"])
    }

    /// - Parameter hidden: [n, d].
    /// - Returns: logits [s, k].
    public func forward(_ hidden: Matrix, _ pass: Pass) -> (logits: Matrix, cache: Cache) {
        let (pooled, first) = pooled(hidden, pass)
        let (logits, dropped) = classifier.forward(pass.dropped(pooled, site: Self.dropoutSite), pass)
        return (logits, Cache(first: first, pooled: pooled, dropped: dropped))
    }

    /// One vector a sentence, and what the pooler made it of.
    private func pooled(_ hidden: Matrix, _ pass: Pass) -> (Matrix, Activations?) {
        guard let pooler else { return (hidden.meanPooled(pass.batch.offsets), nil) }
        let (y, first) = pooler.forward(hidden.firstRows(pass.batch.offsets), pass)
        return (y.tanh(), first)
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout SequenceClassificationHead
    ) -> Matrix {
        let ddropped = classifier.backward(dlogits, cache.dropped, pass, into: &gradient.classifier)
        var dpooled = pass.dropped(ddropped, site: Self.dropoutSite)
        guard let pooler, let first = cache.first else {
            return dpooled.meanPooledBackward(pass.batch.offsets)
        }
        // tanh′ = 1 − tanh²
        unsafe dpooled.withUnsafeMutable { d in
            unsafe cache.pooled.withUnsafe { t in
                for i in d.indices { unsafe d[i] *= 1 - t[i] * t[i] }
            }
        }
        let dfirst = pooler.backward(dpooled, first, pass, into: &gradient.pooler!)
        return dfirst.firstRowsBackward(pass.batch.offsets)
    }

    package mutating func visit(
        encoderPrefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try pooler?.visit(encoderPrefix, body)
        try classifier.visit("", body)
    }
}
