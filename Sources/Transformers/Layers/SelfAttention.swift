public import Tensors

/// LayerNorm(x + dropout(output(softmax(q·kᵀ/√(d/h))·v))): the first half of a post-norm block.
///
/// Source: Vaswani et al., [arXiv:1706.03762](https://arxiv.org/abs/1706.03762).
public struct SelfAttention: Sublayer {
    /// Queries, keys and values side by side: [3d, d].
    public var queryKeyValue: Linear
    public var output: Linear
    public var norm: LayerNorm
    /// In a gradient: ∂loss/∂bias of the pass's distances, for the encoder to take on.
    var distanceBias: Matrix?
    private let heads: Int
    private let site: Int

    public struct Cache: Sendable {
        let x: Activations
        let qkv: Activations
        let context: Activations
        let norm: NormalizedRows
    }

    /// - Parameter layer: the number of the block, which tells its dropout masks from others.
    public init(_ configuration: ModelConfiguration, layer: Int) {
        let d = configuration.hiddenSize
        queryKeyValue = Linear(inputs: d, outputs: 3 * d, names: ["self.query", "self.key", "self.value"])
        output = Linear(inputs: d, outputs: d, names: ["output.dense"])
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "output.LayerNorm")
        heads = configuration.attentionHeads
        site = 1 + 3 * layer
    }

    private func shape(_ pass: Pass) -> AttentionShape {
        AttentionShape(
            offsets: pass.batch.offsets, heads: heads, dropout: pass.attentionDropout, seed: pass.seed,
            stream: pass.stream(site), distanceBias: pass.distanceBias)
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Cache) {
        let narrow = pass.narrowed(x)
        let qkv = queryKeyValue.packed(pass.precision).activations(of: narrow, gelu: false)
        let context = pass.narrowed(qkv.matrix().attention(shape(pass)))
        var sum = pass.dropped(output.packed(pass.precision).apply(to: context), site: site + 1)
        sum += x
        let (y, normCache) = norm.forward(sum, pass)
        return (y, Cache(x: narrow, qkv: qkv, context: context, norm: normCache))
    }

    public func backward(
        _ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout SelfAttention
    ) -> Matrix {
        let dsum = norm.backward(dy, cache.norm, pass, into: &gradient.norm)
        let dprojected = pass.narrowed(pass.dropped(dsum, site: site + 1))
        let dcontext = output.backward(dprojected, cache.context, into: &gradient.output)
        let dqkv: Matrix
        if pass.distanceBias == nil {
            dqkv = cache.qkv.matrix().attentionBackward(shape(pass), dcontext: dcontext)
        } else {
            (dqkv, gradient.distanceBias) = cache.qkv.matrix().attentionBackwardWithBias(
                shape(pass), dcontext: dcontext)
        }
        // The sum passes its gradient on to x as well.
        return queryKeyValue.backward(
            pass.narrowed(dqkv), cache.x, into: &gradient.queryKeyValue, adding: dsum)
    }

    mutating func eachLinear(_ prefix: String, _ body: (String, inout Linear) -> Void) {
        body(prefix + "attention.", &queryKeyValue)
        body(prefix + "attention.", &output)
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try queryKeyValue.visit(prefix + "attention.", body)
        try output.visit(prefix + "attention.", body)
        try norm.visit(prefix + "attention.", body)
    }
}
