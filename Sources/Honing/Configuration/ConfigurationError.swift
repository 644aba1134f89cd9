/// All that is wrong with a configuration, at once.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// In the order of the file.
    public let problems: [ConfigurationProblem]

    init(file: String, problems: [ConfigurationProblem]) {
        self.file = file
        self.problems = problems.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }

    /// One line for each problem, as compilers write them: `file:line:column: what: remedy`.
    public var description: String {
        problems.map { $0.sentence(in: file) }.joined(separator: "\n")
    }
}

/// One thing that is wrong with a configuration, and what to do about it.
public struct ConfigurationProblem: Error, Sendable, Hashable, Codable {
    /// Where it stands, from 1; `nil` where the file as a whole is meant.
    public let line: Int?
    public let column: Int?
    /// What is wrong, as a clause.
    public let what: String
    /// What to do, as a clause.
    public let remedy: String

    init(line: Int? = nil, column: Int? = nil, _ what: String, remedy: String) {
        self.line = line
        self.column = column
        self.what = what
        self.remedy = remedy
    }

    init(_ node: ConfigurationNode, _ what: String, remedy: String) {
        self.init(line: node.line, column: node.column, what, remedy: remedy)
    }

    /// The problem as one line, beginning with the place in the way that editors can follow.
    public func sentence(in file: String) -> String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(
            separator: ":")
        return "\(place): \(what): \(remedy)"
    }
}
