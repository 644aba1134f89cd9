import Glibc
public import Tensors

/// A learned number for each head and each bucket of distances between two tokens, added to attention's
/// scores in every block.
///
/// Near distances have a bucket each, farther ones share buckets that widen with the logarithm, up to
/// 128; before and after are told apart. Source: Raffel et al.,
/// [arXiv:1910.10683](https://arxiv.org/abs/1910.10683), section 2.1, as MPNet uses it.
public struct DistanceBias: Sendable {
    /// [buckets, h].
    public var weight: Matrix

    /// `nil` for a configuration without buckets.
    public init?(_ configuration: ModelConfiguration) {
        guard configuration.distanceBuckets > 0 else { return nil }
        weight = Matrix(rows: configuration.distanceBuckets, columns: configuration.attentionHeads)
    }

    /// The bucket of a token that stands `distance` behind the one that looks.
    static func bucket(_ distance: Int, of buckets: Int) -> Int {
        let half = buckets / 2
        let (side, far) = (distance > 0 ? half : 0, abs(distance))
        let exact = half / 2
        guard far >= exact else { return side + far }
        // In f32, as the reference computes it: a rounding decides the bucket of some distances.
        let share = logf(Float(far) / Float(exact)) / logf(128 / Float(exact))
        return side + min(half - 1, exact + Int(share * Float(half - exact)))
    }

    /// Of each head and distance that a batch has, the bias.
    func expanded(_ batch: TokenBatch) -> Matrix {
        expanded(reach: zip(batch.offsets, batch.offsets.dropFirst()).map { $1 - $0 }.max() ?? 1)
    }

    /// Of each head and distance below `reach`, the bias: [h, 2·reach − 1], the distance 0 in the middle.
    func expanded(reach: Int) -> Matrix {
        var result = Matrix(uninitializedRows: weight.columns, columns: 2 * reach - 1)
        for column in 0..<result.columns {
            let bucket = Self.bucket(column - (reach - 1), of: weight.rows)
            for head in 0..<result.rows { result[head, column] = weight[bucket, head] }
        }
        return result
    }

    /// Of a gradient: each bucket receives those of all its distances.
    mutating func addGradient(_ dexpanded: Matrix) {
        let reach = dexpanded.columns / 2 + 1
        for column in 0..<dexpanded.columns {
            let bucket = Self.bucket(column - (reach - 1), of: weight.rows)
            for head in 0..<dexpanded.rows { weight[bucket, head] += dexpanded[head, column] }
        }
    }

    mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try body(
            Parameter([prefix + "encoder.relative_attention_bias.weight"], hasDecay: false), &weight)
    }
}
