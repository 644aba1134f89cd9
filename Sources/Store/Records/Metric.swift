public import FoundationEssentials

/// One point of one figure's series: the table `metric`.
public struct Metric: Codable, Sendable, Equatable {
    public var at: Date
    public var name: String
    public var value: Double
    /// The interval around the value, where the figure has one.
    public var lower: Double?
    public var upper: Double?
    /// How many rows the value rests on.
    public var count: Int
    public var modelVersion: Int

    public init(
        at: Date, name: String, value: Double, lower: Double? = nil, upper: Double? = nil, count: Int,
        modelVersion: Int
    ) {
        self.at = at
        self.name = name
        self.value = value
        self.lower = lower
        self.upper = upper
        self.count = count
        self.modelVersion = modelVersion
    }
}
