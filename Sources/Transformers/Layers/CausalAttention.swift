public import Tensors

/// x + dropout(output(attention(LayerNorm(x)))), each token seeing itself and those before it: the first
/// half of a pre-norm block.
public struct CausalAttention: Sublayer {
    public var norm: LayerNorm
    /// Queries, keys and values side by side: [3d, d].
    public var queryKeyValue: Linear
    public var output: Linear
    private let heads: Int
    private let site: Int

    public struct Cache: Sendable {
        let norm: NormalizedRows
        let x: Activations
        let qkv: Activations
        let context: Activations
    }

    /// - Parameter layer: the number of the block, which tells its dropout masks from others.
    public init(_ configuration: ModelConfiguration, layer: Int) {
        let d = configuration.hiddenSize
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "ln_1")
        queryKeyValue = Linear(inputs: d, outputs: 3 * d, names: ["attn.c_attn"], isTransposed: true)
        output = Linear(inputs: d, outputs: d, names: ["attn.c_proj"], isTransposed: true)
        heads = configuration.attentionHeads
        site = 1 + 3 * layer
    }

    private func shape(_ pass: Pass) -> AttentionShape {
        AttentionShape(
            offsets: pass.batch.offsets, heads: heads, isCausal: true, dropout: pass.attentionDropout,
            seed: pass.seed, stream: pass.stream(site))
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Cache) {
        let (normed, normCache) = norm.forward(x, pass)
        let narrow = pass.narrowed(normed)
        let qkv = queryKeyValue.packed(pass.precision).activations(of: narrow, gelu: false)
        let context = pass.narrowed(qkv.matrix().attention(shape(pass)))
        var y = pass.dropped(output.packed(pass.precision).apply(to: context), site: site + 1)
        y += x
        return (y, Cache(norm: normCache, x: narrow, qkv: qkv, context: context))
    }

    public func backward(
        _ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout CausalAttention
    ) -> Matrix {
        let dprojected = pass.narrowed(pass.dropped(dy, site: site + 1))
        let dcontext = output.backward(dprojected, cache.context, into: &gradient.output)
        let dqkv = cache.qkv.matrix().attentionBackward(shape(pass), dcontext: dcontext)
        let dnormed = queryKeyValue.backward(pass.narrowed(dqkv), cache.x, into: &gradient.queryKeyValue)
        // The sum passes its gradient on to x as well.
        var dx = norm.backward(dnormed, cache.norm, pass, into: &gradient.norm)
        dx += dy
        return dx
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try norm.visit(prefix, body)
        try queryKeyValue.visit(prefix, body)
        try output.visit(prefix, body)
    }
}
