/// Colour for a terminal, or none.
struct Ink: Sendable {
    let isOn: Bool

    func bold(_ text: String) -> String { wrapped(text, "1") }
    func dim(_ text: String) -> String { wrapped(text, "2") }
    func good(_ text: String) -> String { wrapped(text, "32") }
    func warning(_ text: String) -> String { wrapped(text, "33") }
    func bad(_ text: String) -> String { wrapped(text, "31") }
    func accent(_ text: String) -> String { wrapped(text, "36") }

    func level(_ level: Level, _ text: String) -> String {
        switch level {
        case .stable: good(text)
        case .warning: warning(text)
        case .drift: bad(text)
        }
    }

    private func wrapped(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension Level {
    /// One word for a table.
    var word: String {
        switch self {
        case .stable: "stable"
        case .warning: "moving"
        case .drift: "changed"
        }
    }
}

extension Headline.State {
    /// How serious it is.
    var level: Level {
        switch self {
        case .fine: .stable
        case .notEnoughLabels, .watch, .retraining, .noModel: .warning
        case .degraded: .drift
        }
    }

    /// A sign that also speaks without colour.
    var sign: String {
        switch self {
        case .fine: "✓"
        case .notEnoughLabels, .noModel: "…"
        case .watch: "!"
        case .retraining: "↻"
        case .degraded: "✗"
        }
    }

    /// One word above the sentence.
    var word: String {
        switch self {
        case .fine: "Fine"
        case .notEnoughLabels: "Not enough labels"
        case .noModel: "No model"
        case .watch: "Watch"
        case .retraining: "Retraining"
        case .degraded: "Worse than promised"
        }
    }
}
