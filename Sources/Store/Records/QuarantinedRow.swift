public import FoundationEssentials

/// A row that could not be used, and why: the table `quarantinedRow`.
public struct QuarantinedRow: Codable, Sendable, Equatable {
    public var id: Int64?
    public var source: String
    public var at: Date
    /// The line of the page that it began on, from 1; `nil` for what did not come in lines.
    public var line: Int?
    public var reason: String
    /// Its beginning, at most 200 characters.
    public var excerpt: String

    public init(id: Int64? = nil, source: String, at: Date, line: Int?, reason: String, excerpt: String) {
        self.id = id
        self.source = source
        self.at = at
        self.line = line
        self.reason = reason
        self.excerpt = excerpt
    }
}
