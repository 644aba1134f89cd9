/// Why the header of a CSV or TSV file leaves none of its rows usable.
public enum HeaderProblem: Sendable, Hashable, Codable, CustomStringConvertible {
    /// It lacks the column of the text; these are the ones that it has.
    case missingColumn(String, found: [String])
    case unreadable(String)

    public var description: String {
        switch self {
        case .missingColumn(let name, let found):
            "the header has no column \"\(name)\": it has \(found.joined(separator: ", "))"
        case .unreadable(let reason):
            "the header cannot be read: \(reason)"
        }
    }
}
