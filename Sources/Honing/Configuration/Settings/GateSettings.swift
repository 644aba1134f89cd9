/// What a challenger must show before it replaces the champion.
public struct GateSettings: Sendable, Equatable {
    /// The chance of promoting a model that is no better.
    public var significance = 0.05
    /// Rows that neither model learned from, since the change.
    public var minimumFresh = 200
    /// The fall on the first hold-out that is put up with.
    public var anchorMargin = 0.02
    /// Rows of the first hold-out without which nothing is promoted.
    public var minimumAnchor = 200
    /// The rise of the calibration error that is put up with.
    public var calibrationMargin = 0.02
    /// Answers that were right and become wrong, as a share of the first hold-out.
    public var churn = 0.05
    /// The latency of the challenger as a multiple of the champion's.
    public var latencyRatio = 1.2
    /// The memory of the daemon with the challenger loaded; `nil` for any.
    public var memoryLimit: Int?
    /// Trials after which the anchor is worn out and a new one is drawn.
    public var anchorLifetime = 50
    /// Whether all claims of a benefit against one anchor together may err as often as `significance` says.
    public var spendSignificance = true
    /// A file of terms that should make no difference; `nil` for none.
    public var terms: String?
    /// The accuracy that a first model must exceed for sure.
    public var firstModelAccuracy = 0.6

    public init() {}
}

extension GateSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("significance", \.significance, .share(0.0001...0.5, example: 0.05)),
            Field("minimum_fresh", \.minimumFresh, .integer(20...10_000_000, example: 200)),
            Field("anchor_margin", \.anchorMargin, .share(0...0.5, example: 0.02)),
            Field("minimum_anchor", \.minimumAnchor, .integer(0...10_000_000, example: 200)),
            Field("calibration_margin", \.calibrationMargin, .share(0...1, example: 0.02)),
            Field("churn", \.churn, .share(0...1, example: 0.05)),
            Field("latency_ratio", \.latencyRatio, .number(1...1_000, example: 1.2)),
            Field("memory_limit", optional: \.memoryLimit, .bytes(100_000_000...1_000_000_000_000)),
            Field("anchor_lifetime", \.anchorLifetime, .integer(1...1_000_000, example: 50)),
            Field("spend_significance", \.spendSignificance, .flag),
            Field("terms", optional: \.terms, .path("/etc/honed/terms.txt")),
            Field("first_model_accuracy", \.firstModelAccuracy, .share(0...1, example: 0.6)),
        ]
    }
}
