import Foundation
import Honing
import Logging
import Testing

/// The daemon's log, line by line.
@Suite struct ConfigurationTestsLog {
    private func line(
        _ message: String, _ level: Logger.Level, _ details: [String: String], _ format: LogSettings.Format
    ) -> String {
        LogLines.line(
            message, level: level, details: details, format: format,
            at: Date(timeIntervalSince1970: 1_795_420_800))
    }

    @Test func `people see time and level, the journal gets the level as a number`() {
        let details = ["source": "tweets", "reason": "no answer", "empty": ""]

        #expect(
            line("fetch failed", .warning, details, .text)
                == "2026-11-23T08:00:00Z warning fetch failed empty=\"\" reason=\"no answer\" source=tweets")
        #expect(
            line("fetch failed", .warning, details, .journal)
                == "<4>fetch failed empty=\"\" reason=\"no answer\" source=tweets")
    }

    @Test func `JSON is one object a line`() throws {
        let text = line("a \"quoted\"\nline", .error, ["k": "v"], .json)

        #expect(!text.contains("\n"))
        let object: [String: String] = try decoded(text)
        #expect(
            object == [
                "k": "v", "level": "error", "message": "a \"quoted\"\nline", "time": "2026-11-23T08:00:00Z",
            ])
    }

    @Test func `no text from outside makes a second line or moves the cursor`() {
        for format in [LogSettings.Format.text, .journal, .json] {
            let text = line("a\nb\u{1B}[2J", .info, ["x\ty": "c\r\nd\u{8}"], format)

            #expect(!text.unicodeScalars.contains { $0.value < 0x20 }, "\(format): \(text)")
        }
    }

    @Test func `the level of the configuration is the level of the logger`() throws {
        let configuration = try HonedConfiguration.parse("log: {level: warning}", file: "honed.yaml")

        #expect(Logger(configuration.log).logLevel == .warning)
    }
}
