package import Foundation
public import Logging

extension Logger {
    /// The daemon's logger, as the configuration sets it.
    public init(_ settings: LogSettings) {
        let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
        let format = settings.format == .auto ? (isJournal ? .journal : .text) : settings.format
        self.init(label: "honed") { label in
            LogLines(format: format, logLevel: Logger.Level(settings.level), label: label)
        }
    }
}

extension Logger.Level {
    init(_ level: LogSettings.Level) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}

/// Writes log lines to standard error, each with a single `write`, so that lines never mix.
package struct LogLines: LogHandler {
    let format: LogSettings.Format
    package var logLevel: Logger.Level
    let label: String
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    init(format: LogSettings.Format, logLevel: Logger.Level, label: String) {
        self.format = format
        self.logLevel = logLevel
        self.label = label
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let own = metadata.merging(metadataProvider?.get() ?? [:]) { _, new in new }
        var details = own.merging(event.metadata ?? [:]) { _, new in new }.mapValues { "\($0)" }
        if let error = event.error { details["error"] = "\(error)" }
        let line = Self.line(
            "\(event.message)", level: event.level, details: details, format: format, at: Date())
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// One line of the log. Line breaks and other control characters are written as escapes: a
    /// line of the log is always one event, whatever a client or a source sent.
    package static func line(
        _ message: String, level: Logger.Level, details: [String: String], format: LogSettings.Format,
        at now: Date
    ) -> String {
        let sorted = details.sorted { $0.key < $1.key }
        switch format {
        case .json:
            var object = details
            object["time"] = now.ISO8601Format()
            object["level"] = "\(level)"
            object["message"] = message
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: (try? encoder.encode(object)) ?? Data(), as: UTF8.self)
        case .text, .journal, .auto:
            let suffix = sorted.map { " \(escaped($0.key))=\(quoted($0.value))" }.joined()
            let text = escaped(message) + suffix
            return format == .journal
                ? "<\(level.priority)>\(text)" : "\(now.ISO8601Format()) \(level) \(text)"
        }
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && !value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return isPlain ? escaped(value) : "\"" + escaped(value.replacing("\"", with: "\\\"")) + "\""
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case let control where control.value < 0x20 || control.value == 0x7f:
                result += "\\x" + String(control.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Logger.Level {
    /// The number that syslog and the journal know the level by (RFC 5424).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
