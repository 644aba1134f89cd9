/// Reads one group of settings and collects everything that is wrong in it.
struct SectionReader {
    let node: ConfigurationNode
    /// The full key of the group; empty for the whole file.
    let path: String

    /// - Parameter ground: what settings have that are not written here; their defaults by default.
    /// - Throws: `Misfit.inside` with all problems; `.unexpected` where this is no group at all.
    func read<Section: ConfigurationSection>(over ground: Section = Section()) throws(Misfit) -> Section {
        guard case .mapping(let pairs) = node.content else { throw .unexpected }
        var section = ground
        var problems: [ConfigurationProblem] = []
        let fields = Section.fields
        for (key, value) in pairs {
            guard let field = fields.first(where: { $0.key == key.text }) else {
                problems.append(unknown(key, among: fields.map(\.key)))
                continue
            }
            do {
                if !value.isEmpty { try field.read(value, full(field.key), &section) }
            } catch {
                problems += self.problems(error, field, value)
            }
        }
        for field in fields where field.isRequired {
            guard !pairs.contains(where: { $0.key.text == field.key && !$0.value.isEmpty }) else { continue }
            problems.append(
                ConfigurationProblem(
                    node, "\(full(field.key)) is missing",
                    remedy: "add for example \(field.key): \(field.example)"))
        }
        // What depends on each other is looked at only where each for itself is right.
        if problems.isEmpty {
            section.check { key, what, remedy in
                problems.append(
                    ConfigurationProblem(node.nearest(to: key), "\(full(key)) \(what)", remedy: remedy))
            }
        }
        if !problems.isEmpty { throw .inside(problems) }
        return section
    }

    private func full(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    private func problems<Section>(
        _ misfit: Misfit, _ field: Field<Section>, _ value: ConfigurationNode
    ) -> [ConfigurationProblem] {
        let key = full(field.key)
        switch misfit {
        case .inside(let problems):
            return problems
        case .because(let what, let remedy):
            return [ConfigurationProblem(value, "\(key) \(what)", remedy: remedy)]
        case .unexpected:
            let remedy =
                field.example.isEmpty
                ? "write the settings below it, indented, each as key: value"
                : "write for example \(field.key): \(field.example)"
            return [
                ConfigurationProblem(
                    value, "\(key) is \(value.described), not \(field.expectation)", remedy: remedy)
            ]
        }
    }

    private func unknown(_ key: ConfigurationNode, among known: [String]) -> ConfigurationProblem {
        guard let name = key.text else {
            return ConfigurationProblem(
                key, "\(key.described) stands where a key belongs", remedy: "write key: value")
        }
        let group = path.isEmpty ? "at the top level" : "under \(path)"
        let remedy =
            suggestion(for: name, among: known).map { "did you mean \(full($0))?" }
            ?? "\(group) there are \(known.sorted().joined(separator: ", "))"
        return ConfigurationProblem(key, "\(full(name)) is not a setting", remedy: remedy)
    }
}
