/// How a version that passed the gate takes over, and how it is watched afterwards.
public struct RolloutSettings: Sendable, Equatable {
    /// Labelled rows on which it answers unseen beside the live version first; `nil` for none.
    public var shadowLabels: Int?
    /// The share of requests that it then answers; `nil` for none.
    public var canaryShare: Double?
    /// Labelled rows of the canary.
    public var canaryLabels = 500
    /// How long after the swap the old version answers unseen beside it; `nil` for not at all …
    public var probation: Duration? = .seconds(7 * 86_400)
    /// … and on how many labelled rows at most.
    public var probationLabels = 2_000
    /// The share of requests that both versions answer, to see how often they differ.
    public var sample = 0.1
    /// The rise in error that nobody minds.
    public var harmMargin = 0.01

    public init() {}
}

extension RolloutSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("shadow_labels", optional: \.shadowLabels, .integer(1...10_000_000, example: 500)),
            Field("canary_share", optional: \.canaryShare, .share(0.0001...0.99, example: 0.1)),
            Field("canary_labels", \.canaryLabels, .integer(1...10_000_000, example: 500)),
            Field(
                "probation", optional: \.probation,
                .duration(.seconds(1) ... .seconds(366 * 86_400))),
            Field("probation_labels", \.probationLabels, .integer(1...10_000_000, example: 2_000)),
            Field("sample", \.sample, .share(0...1, example: 0.1)),
            Field("harm_margin", \.harmMargin, .share(0...0.5, example: 0.01)),
        ]
    }
}
