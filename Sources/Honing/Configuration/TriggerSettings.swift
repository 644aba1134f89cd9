/// The settings that decide when a run starts: another policy for `hone simulate`.
///
/// Its file has the groups `watching` and `retraining` of `honed.yaml` and nothing else.
public struct TriggerSettings: Sendable, Equatable {
    public var watching = WatchingSettings()
    public var retraining = RetrainingSettings()

    public init() {}

    /// Those of a configuration.
    public init(_ configuration: HonedConfiguration) {
        watching = configuration.watching
        retraining = configuration.retraining
    }

    /// Reads a policy; a setting that the file does not name stays as it is in `ground`.
    ///
    /// - Throws: `ConfigurationError` with everything that is wrong, line by line, also where the file
    ///   cannot be read.
    public static func read(_ path: String, over ground: TriggerSettings) throws -> TriggerSettings {
        let remedy = "write watching: and retraining: into it, with the settings that are to be otherwise"
        let text = try HonedConfiguration.text(ofFile: path, whereMissing: remedy)
        return try parse(text, file: path, over: ground)
    }

    /// Parses the text of a policy; a pure function of it.
    ///
    /// - Parameter file: is only named in errors.
    public static func parse(_ text: String, file: String, over ground: TriggerSettings) throws
        -> TriggerSettings
    {
        try ConfigurationDocument.section(text, file: file, over: ground)
    }

    /// What a run does once it started, and how many rows are told of: nothing that decides when it starts.
    private static let withoutBearing: Set<String> = [
        "watching.window", "watching.adwin_delta", "watching.minimum_labels", "watching.input_warning",
        "watching.input_drift", "retraining.dry_run", "retraining.ladder", "retraining.near_duplicates",
        "retraining.label_doubt", "retraining.source_share", "retraining.replay_share",
        "retraining.maximum_rows", "retraining.time_limit", "retraining.memory_limit", "retraining.threads",
    ]

    /// What differs from other settings, key by key, and what of it cannot move the start of a run.
    package func changes(from old: TriggerSettings) -> (bearing: [String], idle: [String]) {
        var (bearing, idle): ([String], [String]) = ([], [])
        for (before, after) in zip(old.settings(under: ""), settings(under: ""))
        where before.value != after.value {
            let isIdle =
                Self.withoutBearing.contains(after.key) || after.key.hasPrefix("retraining.training.")
                || after.key.hasPrefix("retraining.rollout.")
            if isIdle {
                idle.append(after.key)
            } else {
                bearing.append("\(after.key): \(before.value) → \(after.value)")
            }
        }
        return (bearing, idle)
    }
}

extension TriggerSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [Field("watching", section: \.watching), Field("retraining", section: \.retraining)]
    }
}
