import Foundation
import Glibc

/// What the terminal at the other end can do.
enum Terminal {
    /// Whether colour helps: a terminal is there and `NO_COLOR` (<https://no-color.org>) is not set.
    static var hasColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty
            && environment["TERM"] != "dumb"
    }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints a value as JSON, keys sorted, ready for `jq`.
    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Says something about the work on standard error, away from the result.
    static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Replaces the current line of an interactive terminal; elsewhere prints only what matters.
    static func progress(_ line: String) {
        guard isInteractive else { return }
        FileHandle.standardError.write(Data(("\r\u{1B}[K" + line).utf8))
    }

    static func endProgress() {
        guard isInteractive else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}

/// Seconds in the words of a clock: `42 s`, `3 min 05 s`, `2 h 10 min`.
func spoken(seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3_600: return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
    default: return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
    }
}
