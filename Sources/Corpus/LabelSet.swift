/// The classes of a task, in the order of the model's outputs.
public struct LabelSet: Sendable, Hashable, Codable {
    public let names: [String]
    private let indices: [String: Int]

    /// - Precondition: names do not repeat.
    public init(names: [String]) {
        precondition(Set(names).count == names.count, "a label is named twice in \(names)")
        self.names = names
        indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    public var count: Int { names.count }

    /// The output that stands for a label; `nil` for one that the model does not know.
    public func index(of name: String) -> Int? { indices[name] }

    public init(from decoder: any Decoder) throws {
        let names = try decoder.singleValueContainer().decode([String].self)
        guard Set(names).count == names.count else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a label is named twice in \(names)"))
        }
        self.init(names: names)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(names)
    }
}
