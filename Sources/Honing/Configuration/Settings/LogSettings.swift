/// What the daemon says about its work, on standard error.
public struct LogSettings: Sendable, Equatable {
    public enum Level: String, Sendable, CaseIterable {
        case debug, info, notice, warning, error
    }

    public enum Format: String, Sendable, CaseIterable {
        /// For people, with the time.
        case text
        /// For systemd's journal, which knows the time and takes the level as `<4>`.
        case journal
        /// One object a line.
        case json
        /// `journal` under systemd, else `text`.
        case auto
    }

    public var level = Level.info
    public var format = Format.auto

    public init() {}
}

extension LogSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("level", \.level, .choice, needsRestart: true),
            Field("format", \.format, .choice, needsRestart: true),
        ]
    }
}
