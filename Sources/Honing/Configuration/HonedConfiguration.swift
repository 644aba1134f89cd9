import Foundation

/// Everything that an operator may decide, as one value: `/etc/honed/honed.yaml`.
///
/// `Deploy/honed.yaml` explains each setting beside its default.
public struct HonedConfiguration: Sendable, Equatable {
    /// Where the database, the model versions and the runs lie.
    public var dataDirectory = "/var/lib/honed"
    public var server = ServerSettings()
    public var control = ControlSettings()
    public var model = ModelSettings()
    public var sources: [SourceSettings] = [] {
        didSet { watching.apart = Set(sources.filter { $0.kind != .auditRandom }.map(\.name)) }
    }
    public var watching = WatchingSettings()
    public var retraining = RetrainingSettings()
    public var gate = GateSettings()
    public var alerts = AlertSettings()
    public var retention = RetentionSettings()
    public var log = LogSettings()

    public init() {}

    /// Reads a configuration file.
    ///
    /// - Throws: `ConfigurationError`, also where the file cannot be read.
    public static func read(_ path: String) throws -> HonedConfiguration {
        let remedy = "name another with --config, or install a first one with Deploy/install.sh"
        return try parse(try text(ofFile: path, whereMissing: remedy), file: path)
    }

    /// - Parameter remedy: what to do where there is no such file.
    /// - Throws: `ConfigurationError` where the file cannot be read.
    static func text(ofFile path: String, whereMissing remedy: String) throws -> String {
        do {
            return try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            let isReadable = FileManager.default.isReadableFile(atPath: path)
            let (what, remedy) =
                if !isThere {
                    ("there is no such file", remedy)
                } else if !isReadable {
                    ("the file may not be read", "run as root, or give the group hone the right to read it")
                } else {
                    ("the file is not UTF-8 text", "save it as UTF-8")
                }
            throw ConfigurationError(file: path, problems: [ConfigurationProblem(what, remedy: remedy)])
        }
    }

    /// Parses the text of a configuration; a pure function of it.
    ///
    /// - Parameter file: is only named in errors.
    /// - Throws: `ConfigurationError` with everything that is wrong.
    public static func parse(_ text: String, file: String) throws -> HonedConfiguration {
        try ConfigurationDocument.section(text, file: file, over: HonedConfiguration())
    }
}

extension HonedConfiguration: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("data_directory", \.dataDirectory, .path("/var/lib/honed"), needsRestart: true),
            Field("server", section: \.server),
            Field("control", section: \.control),
            Field("model", section: \.model),
            Field("sources", list: \.sources, namedBy: \.name, keeping: "its cursor"),
            Field("watching", section: \.watching),
            Field("retraining", section: \.retraining),
            Field("gate", section: \.gate),
            Field("alerts", section: \.alerts),
            Field("retention", section: \.retention),
            Field("log", section: \.log),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        let known = model.labels ?? []
        guard !known.isEmpty else { return }
        for (index, source) in sources.enumerated() {
            for name in Set(source.labels.values).sorted() where !known.contains(name) {
                report(
                    "sources[\(index)].labels", "maps to \"\(name)\", which is not among model.labels",
                    suggestion(for: name, among: known).map { "did you mean \"\($0)\"?" }
                        ?? "map to one of \(known.joined(separator: ", "))")
            }
        }
    }
}
