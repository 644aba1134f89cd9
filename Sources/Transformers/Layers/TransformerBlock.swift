public import Tensors

/// Half of a block, made for its place in the stack.
public protocol Sublayer: Layer {
    /// - Parameter layer: the number of the block, which tells its dropout masks from others.
    init(_ configuration: ModelConfiguration, layer: Int)
}

/// Attention, then feed-forward. Where norms and residuals stand is the halves' own.
public struct TransformerBlock<Attention: Sublayer, FeedForward: Sublayer>: Layer {
    public var attention: Attention
    public var feedForward: FeedForward

    public struct Cache: Sendable {
        let attention: Attention.Cache
        let feedForward: FeedForward.Cache
    }

    public init(_ configuration: ModelConfiguration, layer: Int) {
        attention = Attention(configuration, layer: layer)
        feedForward = FeedForward(configuration, layer: layer)
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Cache) {
        let (a, attentionCache) = attention.forward(x, pass)
        let (y, feedForwardCache) = feedForward.forward(a, pass)
        return (y, Cache(attention: attentionCache, feedForward: feedForwardCache))
    }

    public func backward(_ dy: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Self) -> Matrix {
        let da = feedForward.backward(dy, cache.feedForward, pass, into: &gradient.feedForward)
        return attention.backward(da, cache.attention, pass, into: &gradient.attention)
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try attention.visit(prefix, body)
        try feedForward.visit(prefix, body)
    }
}
