import Corpus
public import Tensors

/// One vector a sentence, then one score a label.
public struct SequenceClassificationHead: Head {
    public let pooling: Pooling
    /// The layer over the first token that its family has; only with `Pooling.cls`.
    public var pooler: Linear?
    /// [k, d].
    public var classifier: Linear
    private let form: ModelFamily.HeadForm

    public struct Cache: Sendable {
        let first: Activations?
        /// Before the activation.
        let raised: Matrix?
        /// After it.
        let pooled: Matrix
        let dropped: Activations
    }

    public init(_ configuration: ModelConfiguration) {
        let (d, k) = (configuration.hiddenSize, configuration.labels.count)
        pooling = configuration.pooling
        form = configuration.family.head
        pooler = pooling == .cls ? Linear(inputs: d, outputs: d, names: ["pooler.dense"]) : nil
        classifier = Linear(inputs: d, outputs: k, names: ["classifier"])
    }

    public static func isNative(_ configuration: ModelConfiguration) -> Bool { configuration.pooling == .cls }

    public static func tensorName(_ name: String, _ configuration: ModelConfiguration) -> String? {
        isNative(configuration) ? configuration.family.headTensorName(name) : nil
    }

    public func forward(_ hidden: Matrix, _ pass: Pass) -> (logits: Matrix, cache: Cache) {
        guard let pooler else {
            let pooled = hidden.meanPooled(pass.batch.offsets)
            let (logits, dropped) = classifier.forward(pass.dropped(pooled, site: HeadSite.dropout), pass)
            return (logits, Cache(first: nil, raised: nil, pooled: pooled, dropped: dropped))
        }
        var first = hidden.firstRows(pass.batch.offsets)
        if form.dropsInput { first = pass.dropped(first, site: HeadSite.innerDropout) }
        let (raised, firstCache) = pooler.forward(first, pass)
        let pooled = form.activation(raised)
        let (logits, dropped) = classifier.forward(pass.dropped(pooled, site: HeadSite.dropout), pass)
        return (logits, Cache(first: firstCache, raised: raised, pooled: pooled, dropped: dropped))
    }

    public func backward(
        _ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout SequenceClassificationHead
    ) -> Matrix {
        let ddropped = classifier.backward(dlogits, cache.dropped, pass, into: &gradient.classifier)
        let dpooled = pass.dropped(ddropped, site: HeadSite.dropout)
        guard let pooler, let first = cache.first, let raised = cache.raised else {
            return dpooled.meanPooledBackward(pass.batch.offsets)
        }
        let draised = form.activation.backward(dpooled, input: raised, output: cache.pooled)
        var dfirst = pooler.backward(draised, first, pass, into: &gradient.pooler!)
        if form.dropsInput { dfirst = pass.dropped(dfirst, site: HeadSite.innerDropout) }
        return dfirst.firstRowsBackward(pass.batch.offsets)
    }

    public mutating func eachLinear(_ body: (String, inout Linear) -> Void) {
        if pooler != nil { body("", &pooler!) }
    }

    public mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows {
        try pooler?.visit("", body)
        try classifier.visit("", body)
    }
}

extension ModelFamily.HeadForm.Activation {
    func callAsFunction(_ x: Matrix) -> Matrix {
        switch self {
        case .tanh: x.tanh()
        case .gelu: x.gelu()
        case .relu: Matrix(rows: x.rows, columns: x.columns, values: x.values.map { max(0, $0) })
        }
    }

    /// tanh′ = 1 − tanh²; relu′ is 1 above zero and 0 elsewhere.
    func backward(_ dy: Matrix, input x: Matrix, output y: Matrix) -> Matrix {
        if self == .gelu { return dy.geluBackward(input: x) }
        var dx = Matrix(uninitializedRows: dy.rows, columns: dy.columns)
        unsafe dx.withUnsafeMutable { dx in
            unsafe dy.withUnsafe { dy in
                unsafe y.withUnsafe { y in
                    for i in dx.indices {
                        unsafe dx[i] = dy[i] * (self == .tanh ? 1 - y[i] * y[i] : y[i] > 0 ? 1 : 0)
                    }
                }
            }
        }
        return dx
    }
}
