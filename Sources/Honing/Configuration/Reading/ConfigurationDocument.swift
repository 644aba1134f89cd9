import Yams

/// Reads YAML into `ConfigurationNode`s: the only place that knows the YAML library.
///
/// A configuration needs scalars, lists and mappings and nothing else of YAML. What could make a
/// small file large or deep is refused before the parser, which recurses, ever sees it.
enum ConfigurationDocument {
    /// No honest configuration comes near; the parser's work grows with the size.
    static let maximumBytes = 256 * 1024
    /// Levels of nesting; the configuration has five.
    static let maximumDepth = 32
    /// Opening brackets in the whole file.
    static let maximumBrackets = 500

    /// The settings that a file holds; those it does not name stay as they are in `ground`.
    ///
    /// - Throws: `ConfigurationError` with everything that is wrong.
    static func section<Section: ConfigurationSection>(
        _ text: String, file: String, over ground: Section
    ) throws -> Section {
        do {
            guard let root = try node(text), !root.isEmpty else { return ground }
            return try SectionReader(node: root, path: "").read(over: ground)
        } catch let problem as ConfigurationProblem {
            throw ConfigurationError(file: file, problems: [problem])
        } catch Misfit.inside(let problems) {
            throw ConfigurationError(file: file, problems: problems)
        } catch {
            let problem = ConfigurationProblem(
                line: 1, "the file does not hold settings", remedy: "write each setting as key: value")
            throw ConfigurationError(file: file, problems: [problem])
        }
    }

    /// - Returns: the root, or `nil` for a file that says nothing.
    static func node(_ text: String) throws(ConfigurationProblem) -> ConfigurationNode? {
        guard text.utf8.count <= maximumBytes else {
            throw ConfigurationProblem(
                "the file is larger than \(maximumBytes / 1024) KB",
                remedy: "a configuration is a few pages: is this the right file?")
        }
        var brackets = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            brackets += line.utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
            try refuseDepth(line, brackets: brackets, at: index + 1)
            try refuseReferences(line, at: index + 1)
        }
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw ConfigurationProblem(error)
        } catch {
            throw ConfigurationProblem("the file cannot be read as YAML (\(error))", remedy: "write it anew")
        }
        // Nodes know their anchors only as long as the parser lives.
        return try withExtendedLifetime(parser) { () throws(ConfigurationProblem) in
            guard let root else { return nil }
            return try ConfigurationNode(root, depth: 0)
        }
    }

    /// Nesting by brackets cannot exceed all brackets so far, nesting by blocks the indentation:
    /// rough bounds, but the parser's stack is safe below them.
    private static func refuseDepth(
        _ line: Substring, brackets: Int, at number: Int
    ) throws(ConfigurationProblem) {
        let indentation = line.prefix { " -?:\t".contains($0) }.utf8.count
        guard indentation <= 2 * maximumDepth, brackets <= maximumBrackets else {
            throw ConfigurationProblem(
                line: number, "the settings are nested too deeply", remedy: "five levels are enough")
        }
    }

    /// Anchors and aliases let ten lines stand for a billion; whatever looks like one is refused.
    private static func refuseReferences(_ line: Substring, at number: Int) throws(ConfigurationProblem) {
        guard line.first(where: { $0 != " " }) != "#" else { return }
        var before: Character = " "
        for (index, character) in zip(line.indices, line) {
            defer { before = character }
            if character == "#", before == " " { return }
            guard character == "&" || character == "*", " \t[{,:-".contains(before) else { continue }
            let next = line[line.index(after: index)...].first
            if let next, next.isLetter || next.isNumber || next == "_" { throw .references(line: number) }
        }
    }
}

extension ConfigurationProblem {
    fileprivate static func references(line: Int?) -> ConfigurationProblem {
        ConfigurationProblem(
            line: line, "YAML anchors (&name) and aliases (*name) are not accepted",
            remedy: "write the value out where it belongs")
    }

    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = context.map { " (\($0.text) in line \($0.mark.line))" } ?? ""
            self.init(
                line: mark.line, column: mark.column, "this is not YAML: \(problem)\(place)",
                remedy: "check the indentation, the colons and the quotes here and in the line above")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            self.init(
                line: context.mark.line, column: context.mark.column, "\(names) is written twice",
                remedy: "keep one of the two")
        case .reader(let problem, _, _, _):
            self.init(
                "the file holds characters that YAML does not allow (\(problem))",
                remedy: "save it as UTF-8 text")
        default:
            self.init("the file cannot be read as YAML (\(error))", remedy: "save it as UTF-8 text")
        }
    }
}

extension ConfigurationNode {
    fileprivate init(_ node: Node, depth: Int) throws(ConfigurationProblem) {
        line = node.mark?.line ?? 1
        column = node.mark?.column ?? 1
        guard node.anchor == nil else { throw .references(line: line) }
        guard depth <= ConfigurationDocument.maximumDepth else {
            throw ConfigurationProblem(
                line: line, "the settings are nested too deeply", remedy: "five levels are enough")
        }
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any)
        case .sequence(let items):
            var list: [ConfigurationNode] = []
            for item in items { list.append(try ConfigurationNode(item, depth: depth + 1)) }
            content = .list(list)
        case .mapping(let pairs):
            var mapping: [(key: ConfigurationNode, value: ConfigurationNode)] = []
            for (key, value) in pairs {
                mapping.append(
                    (
                        try ConfigurationNode(key, depth: depth + 1),
                        try ConfigurationNode(value, depth: depth + 1)
                    ))
            }
            content = .mapping(mapping)
        case .alias:
            throw .references(line: line)
        }
    }
}
