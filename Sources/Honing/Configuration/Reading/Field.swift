/// A group of settings: a struct whose fields are told once, for reading, comparing and explaining.
protocol ConfigurationSection: Sendable, Equatable {
    /// All settings at their defaults.
    init()
    static var fields: [Field<Self>] { get }
    /// Looks at settings that depend on each other; keys are relative to the section.
    func check(_ report: (_ key: String, _ what: String, _ remedy: String) -> Void)
}

extension ConfigurationSection {
    func check(_ report: (_ key: String, _ what: String, _ remedy: String) -> Void) {}
}

/// One setting: its key, its place in the struct, how it is written, and what a change of it takes.
struct Field<Section> {
    let key: String
    let isRequired: Bool
    /// Sets the value that is written at `node`; `path` is the full key, for sentences.
    let read: (_ node: ConfigurationNode, _ path: String, inout Section) throws(Misfit) -> Void
    /// What is set, key by key, in the file's own notation.
    let settings: (Section, _ path: String) -> [Setting]
    /// What one would write, for the sentence about a missing setting.
    let example: String
    /// For the sentence about a value that is not accepted.
    let expectation: String

    /// A setting with a default.
    init<Value>(
        _ key: String, _ place: WritableKeyPath<Section, Value>, _ form: Form<Value>,
        isRequired: Bool = false,
        needsRestart: Bool = false
    ) {
        self.key = key
        self.isRequired = isRequired
        example = form.example
        expectation = form.expectation
        read = { node, _, section throws(Misfit) in section[keyPath: place] = try form.read(node) }
        settings = { section, path in
            [Setting(key: path, value: form.write(section[keyPath: place]), needsRestart: needsRestart)]
        }
    }

    /// A setting that may be left open, or switched off with the word `off`.
    init<Value>(
        _ key: String, optional place: WritableKeyPath<Section, Value?>, _ form: Form<Value>,
        needsRestart: Bool = false
    ) {
        self.key = key
        isRequired = false
        example = form.example
        expectation = form.expectation + ", or off"
        read = { node, _, section throws(Misfit) in
            section[keyPath: place] = node.text == "off" ? nil : try form.read(node)
        }
        settings = { section, path in
            let value = section[keyPath: place].map(form.write) ?? "off"
            return [Setting(key: path, value: value, needsRestart: needsRestart)]
        }
    }

    /// A group of settings within the group.
    init<Inner: ConfigurationSection>(_ key: String, section place: WritableKeyPath<Section, Inner>) {
        self.key = key
        isRequired = false
        example = ""
        expectation = "a group of settings"
        read = { node, path, section throws(Misfit) in
            section[keyPath: place] = try SectionReader(node: node, path: path).read(
                over: section[keyPath: place])
        }
        settings = { section, path in section[keyPath: place].settings(under: path) }
    }

    /// A list of groups, each with a name of its own.
    ///
    /// - Parameter kept: what the store keeps under that name.
    init<Inner: ConfigurationSection>(
        _ key: String, list place: WritableKeyPath<Section, [Inner]>, namedBy name: KeyPath<Inner, String>,
        keeping kept: String
    ) {
        self.key = key
        isRequired = false
        example = ""
        expectation = "a list, each entry beginning with \"- \""
        read = { node, path, section throws(Misfit) in
            guard case .list(let items) = node.content else { throw .unexpected }
            var entries: [Inner] = []
            var problems: [ConfigurationProblem] = []
            for (index, item) in items.enumerated() {
                do throws(Misfit) {
                    let entry: Inner = try SectionReader(node: item, path: "\(path)[\(index)]").read()
                    if entries.contains(where: { $0[keyPath: name] == entry[keyPath: name] }) {
                        problems.append(
                            ConfigurationProblem(
                                item,
                                "\(path)[\(index)] is called \"\(entry[keyPath: name])\" like another one",
                                remedy: "give each a name of its own: \(kept) is kept under it"))
                    }
                    entries.append(entry)
                } catch .inside(let more) {
                    problems += more
                } catch {
                    problems.append(
                        ConfigurationProblem(
                            item, "\(path)[\(index)] is \(item.described), not a group of settings",
                            remedy: "write its settings below each other, each as key: value"))
                }
            }
            if !problems.isEmpty { throw .inside(problems) }
            section[keyPath: place] = entries
        }
        settings = { section, path in
            section[keyPath: place].flatMap { $0.settings(under: "\(path).\($0[keyPath: name])") }
        }
    }
}

/// One setting in force: full key, value in the file's notation, and what a change of it takes.
struct Setting: Hashable, Sendable {
    let key: String
    let value: String
    let needsRestart: Bool
}

extension ConfigurationSection {
    func settings(under path: String) -> [Setting] {
        Self.fields.flatMap { $0.settings(self, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
}
