/// A setting that differs between two configurations.
public struct ConfigurationChange: Sendable, Hashable, Codable {
    /// The full key; entries of `sources` are named by their names, as in `sources.reviews.interval`.
    public let key: String
    /// The values in the file's notation; `nil` where the setting did not exist before, or does not now.
    public let old: String?
    public let new: String?
    /// Whether the daemon must be restarted before it takes effect.
    public let needsRestart: Bool

    /// The change on one line.
    public var sentence: String {
        switch (old, new) {
        case (let old?, let new?): "\(key): \(old) → \(new)" + (needsRestart ? " (after a restart)" : "")
        case (nil, let new?): "\(key): \(new) (new)"
        default: "\(key): removed"
        }
    }
}

extension HonedConfiguration {
    /// What a reload from `old` to this configuration changes, by key.
    public func changes(from old: HonedConfiguration) -> [ConfigurationChange] {
        let before = Dictionary(uniqueKeysWithValues: old.settings(under: "").map { ($0.key, $0) })
        let after = Dictionary(uniqueKeysWithValues: settings(under: "").map { ($0.key, $0) })
        return Set(before.keys).union(after.keys).sorted().compactMap { key in
            guard before[key]?.value != after[key]?.value else { return nil }
            return ConfigurationChange(
                key: key, old: before[key]?.value, new: after[key]?.value,
                needsRestart: (after[key] ?? before[key])!.needsRestart)
        }
    }

    /// This configuration with everything that takes a restart left as it is in `running`.
    ///
    /// What a reload may put in force at once.
    public func reloadable(over running: HonedConfiguration) -> HonedConfiguration {
        var result = self
        result.dataDirectory = running.dataDirectory
        result.server = running.server
        result.control = running.control
        result.model = running.model
        result.log = running.log
        return result
    }
}

extension HonedConfiguration {
    /// All keys that are set, entries of lists by their names.
    package var keys: [String] { settings(under: "").map(\.key) }
}
