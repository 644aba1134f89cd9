public import Tensors

/// LayerNorm(x + dropout(output(gelu(intermediate(x))))): the second half of a post-norm block.
public struct FeedForward: Sublayer {
    /// [m, d].
    public var intermediate: Linear
    /// [d, m].
    public var output: Linear
    public var norm: LayerNorm
    private let site: Int

    public struct Cache: Sendable {
        let x: Activations
        /// Before GELU, [n, m].
        let wide: Activations
        package let norm: NormalizedRows
    }

    public init(_ configuration: ModelConfiguration, layer: Int) {
        let (d, m) = (configuration.hiddenSize, configuration.intermediateSize)
        intermediate = Linear(inputs: d, outputs: m, names: ["intermediate.dense"])
        output = Linear(inputs: m, outputs: d, names: ["output.dense"])
        norm = LayerNorm(size: d, epsilon: configuration.layerNormEpsilon, name: "output.LayerNorm")
        site = 3 + 3 * layer
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Cache) {
        let narrow = pass.narrowed(x)
        let wide = intermediate.packed(pass.precision).activations(of: narrow, gelu: false)
        var sum = pass.dropped(output.packed(pass.precision).apply(to: wide.gelu()), site: site)
        sum += x
        let (y, normCache) = norm.forward(sum, pass)
        return (y, Cache(x: narrow, wide: wide, norm: normCache))
    }

    public func backward(_ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout FeedForward)
        -> Matrix
    {
        let dsum = norm.backward(dy, cache.norm, pass, into: &gradient.norm)
        let dnarrow = pass.narrowed(pass.dropped(dsum, site: site))
        // gelu(wide) is computed again: a pass over it costs less than keeping it.
        output.addGradient(of: dnarrow, cache.wide.gelu(), to: &gradient.output)
        let dwide = dnarrow.times(output.weight, geluBackward: cache.wide)
        return intermediate.backward(dwide, cache.x, into: &gradient.intermediate, adding: dsum)
    }

    mutating func eachLinear(_ prefix: String, _ body: (String, inout Linear) -> Void) {
        body(prefix, &intermediate)
        body(prefix, &output)
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try intermediate.visit(prefix, body)
        try output.visit(prefix, body)
        try norm.visit(prefix, body)
    }
}
