public import Tensors

/// x + dropout(output(gelu(intermediate(LayerNorm(x))))), GELU by its tanh approximation: the second half
/// of a pre-norm block.
public struct PreNormFeedForward: Sublayer {
    public var norm: LayerNorm
    /// [m, d].
    public var intermediate: Linear
    /// [d, m].
    public var output: Linear
    private let site: Int

    public struct Cache: Sendable {
        let norm: NormalizedRows
        let x: Activations
        /// Before GELU, [n, m].
        let wide: Activations
    }

    public init(_ configuration: ModelConfiguration, layer: Int) {
        let (d, m) = (configuration.hiddenSize, configuration.intermediateSize)
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "ln_2")
        intermediate = Linear(inputs: d, outputs: m, names: ["mlp.c_fc"], isTransposed: true)
        output = Linear(inputs: m, outputs: d, names: ["mlp.c_proj"], isTransposed: true)
        site = 3 + 3 * layer
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Cache) {
        let (normed, normCache) = norm.forward(x, pass)
        let narrow = pass.narrowed(normed)
        let wide = intermediate.packed(pass.precision).activations(of: narrow, gelu: false)
        let activated = pass.narrowed(wide.matrix().geluTanh())
        var y = pass.dropped(output.packed(pass.precision).apply(to: activated), site: site)
        y += x
        return (y, Cache(norm: normCache, x: narrow, wide: wide))
    }

    public func backward(
        _ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout PreNormFeedForward
    ) -> Matrix {
        let wide = cache.wide.matrix()
        // gelu(wide) is computed again: a pass over it costs less than keeping it.
        let dactivated = output.backward(
            pass.narrowed(pass.dropped(dy, site: site)), pass.narrowed(wide.geluTanh()),
            into: &gradient.output)
        let dwide = pass.narrowed(dactivated.geluTanhBackward(input: wide))
        let dnormed = intermediate.backward(dwide, cache.x, into: &gradient.intermediate)
        var dx = norm.backward(dnormed, cache.norm, pass, into: &gradient.norm)
        dx += dy
        return dx
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try norm.visit(prefix, body)
        try intermediate.visit(prefix, body)
        try output.visit(prefix, body)
    }
}
