public import FoundationEssentials

/// A text as it came from the world, with what is known about it.
public struct Example: Sendable, Hashable, Codable {
    public var text: String
    /// The second text of a pair.
    public var pair: String?
    /// What is true of the text; `nil` where nobody said.
    public var target: Target?
    /// When the text was observed, by its own account.
    public var observedAt: Date?
    /// The name that the source has for the row.
    public var id: String?
    /// Columns that nobody asked for by name.
    public var metadata: [String: String]

    public init(
        text: String, pair: String? = nil, target: Target? = nil, observedAt: Date? = nil, id: String? = nil,
        metadata: [String: String] = [:]
    ) {
        self.text = text
        self.pair = pair
        self.target = target
        self.observedAt = observedAt
        self.id = id
        self.metadata = metadata
    }

    /// The class of a classification row.
    public var label: String? {
        guard case .label(let name) = target else { return nil }
        return name
    }
}
