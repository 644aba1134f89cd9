/// A piece of the configuration file and where it stands.
struct ConfigurationNode: Sendable {
    enum Content: Sendable {
        /// A single value as it is written; `isPlain` where it stands without quotes.
        case scalar(String, isPlain: Bool)
        case list([ConfigurationNode])
        case mapping([(key: ConfigurationNode, value: ConfigurationNode)])
    }

    let content: Content
    /// Both count from 1.
    let line: Int
    let column: Int

    /// Whether nothing, or the word for nothing, is written here: the setting keeps its default.
    var isEmpty: Bool {
        if case .scalar(let text, isPlain: true) = content {
            return ["", "~", "null", "Null", "NULL"].contains(text)
        }
        return false
    }

    /// The text of a single value; `nil` for a list, a mapping or nothing.
    var text: String? {
        if case .scalar(let text, _) = content, !isEmpty { return text }
        return nil
    }

    /// What stands here, for a sentence: `"eighty"`, `a list`, `nothing`.
    var described: String {
        switch content {
        case .scalar(let text, _) where !isEmpty: "\"\(text.count > 60 ? text.prefix(60) + "…" : text[...])\""
        case .scalar: "nothing"
        case .list: "a list"
        case .mapping: "a group of settings"
        }
    }

    /// What stands at a key such as `sources[0].timeouts.stall`, or the nearest group above it that
    /// is written at all.
    func nearest(to key: String) -> ConfigurationNode {
        let steps = key.split { ".[]".contains($0) }
        return steps.reduce(self) { node, step in
            switch node.content {
            case .mapping(let pairs): pairs.first { $0.key.text == String(step) }?.value ?? node
            case .list(let items): Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil } ?? node
            case .scalar: node
            }
        }
    }
}
