import Corpus
import Foundation
import Ingest
import Logging
import Synchronization
import Testing

/// Rows in JSON Lines as the tests send them.
let twoRows = """
    {"text": "good", "label": "positive"}
    {"text": "bad", "label": "negative"}

    """

/// A source that is impatient, so that no test waits long.
func source(_ url: String, _ change: (inout Source) -> Void = { _ in }) -> Source {
    var source = Source(name: "reviews", url: url, format: .jsonLines, columns: ColumnMapping(time: "at"))
    source.retries = 0
    source.connectTimeout = .seconds(60)
    // All tests share one transfer thread, and some give it much to do.
    source.totalTimeout = .seconds(120)
    change(&source)
    return source
}

/// A fetcher that does not really wait, and what it wanted to wait.
struct ImpatientFetcher {
    private let pauses = Pauses()
    let fetcher: Fetcher
    let log = LogLines()

    /// - Parameter uniform: the jitter, the same each time.
    init(now: Date = Date(), uniform: Double = 0.5) {
        let pauses = pauses
        let log = log
        fetcher = Fetcher(
            logger: Logger(label: "test") { _ in LineLogger(lines: log) }, userAgent: "honed/1.2.3",
            now: { now },
            sleep: { pauses.append($0) }, uniform: { uniform })
    }

    var waited: [Duration] { pauses.all }

    func fetch(_ source: Source, from state: SourceState = SourceState()) async throws -> Page {
        try await fetcher.fetch(source, from: state)
    }

    /// The error that a fetch ends with.
    func failure(_ source: Source, from state: SourceState = SourceState()) async throws -> IngestError {
        try #require(await #expect(throws: IngestError.self) { try await fetcher.fetch(source, from: state) })
    }

    private final class Pauses: Sendable {
        private let values = Mutex<[Duration]>([])
        var all: [Duration] { values.withLock { $0 } }
        func append(_ value: Duration) { values.withLock { $0.append(value) } }
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct LineLogger: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append("\(event.level): \(event.message) \(event.metadata ?? [:])")
    }
}

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "hone-\(UUID().uuidString)").path(
            percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file.
    ///
    /// - Returns: its path.
    @discardableResult
    func write(_ name: String, _ content: String, mode: Int = 0o600) throws -> String {
        let file = path + "/" + name
        try Data(content.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }
}
