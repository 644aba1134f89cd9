public import Foundation

/// An alarm or a decision of the gate, reached once more from what lies in the store: `hone explain`.
///
/// The JSON is an interface, like that of `Status`.
public struct Explanation: Codable, Sendable, Equatable {
    public var schema = 1
    /// `detection/17`, `gate/3`.
    public var id: String
    public var at: Date
    /// What was decided then.
    public var sentence: String
    /// What it was reached from, a sentence each.
    public var inputs: [String]
    public var figures: [Figure]
    /// Whether the verdict and every figure came out as they are stored, to the last bit; absent where
    /// it could not be tried.
    public var isSame: Bool?
    /// How the replay ended.
    public var outcome: String

    public struct Figure: Codable, Sendable, Equatable {
        public var name: String
        public var stored: Double?
        public var replayed: Double?

        /// Whether the two are one and the same number, not nearly so.
        public var isSame: Bool { stored == replayed }

        public init(_ name: String, _ stored: Double?, _ replayed: Double?) {
            self.name = name
            self.stored = stored
            self.replayed = replayed
        }
    }

    /// For a terminal.
    public var text: String {
        var lines = ["\(id), \(moment(at, seconds: true)) UTC"]
        lines.append(TextLayout.wrapped(sentence, lead: "", indent: 0))
        lines.append("")
        lines += inputs.map { TextLayout.wrapped($0, lead: "  ", indent: 2) }
        if !figures.isEmpty { lines += ["", Self.row(" ", "", "stored", "replayed")] }
        lines += figures.map {
            Self.row($0.isSame ? " " : "✗", $0.name, Self.number($0.stored), Self.number($0.replayed))
        }
        let sign = isSame.map { $0 ? "✓" : "✗" } ?? "·"
        lines += ["", TextLayout.wrapped(outcome, lead: "\(sign) ", indent: 2)]
        return lines.joined(separator: "\n")
    }

    private static func row(_ sign: String, _ name: String, _ stored: String, _ replayed: String) -> String {
        let numbers = [stored, replayed].map { TextLayout.cell($0, 23, right: true) }.joined()
        return "\(sign) " + TextLayout.cell(name, 30) + numbers
    }

    /// All digits that tell a number apart from every other.
    private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "–" }
}

/// Why there is nothing to explain.
public enum ExplanationError: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case unknown(String)

    public var description: String {
        switch self {
        case .unreadable(let id):
            "\"\(id)\" names no decision; write detection/17, gate/3 or run/12: `hone explain` lists them"
        case .unknown(let id): "there is no \(id); `hone explain` lists what there is"
        }
    }
}
