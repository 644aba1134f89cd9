public import Corpus
import Foundation

/// A file of rows as somebody names it, and how it is to be read: what every `hone data` begins with.
public struct DataSource: Sendable {
    /// `-` is standard input.
    public var path: String
    /// `nil` for what its name or its beginning say.
    public var format: DataFormat?
    public var task: TaskKind
    public var columns: ColumnMapping

    public init(path: String, format: DataFormat?, task: TaskKind, columns: ColumnMapping) {
        self.path = path
        self.format = format
        self.task = task
        self.columns = columns
    }
}

/// A file of rows that can be read from its beginning as often as need be.
public struct DataFile: Sendable {
    /// As errors and reports call it.
    public let name: String
    public let format: DataFormat
    public let task: TaskKind
    public let bytes: Int
    private let path: String
    private let columns: ColumnMapping
    /// Standard input, written down for as long as this value lives.
    private let spool: Spool?

    private static let standardInput = "standard input"

    /// Its name where a command is to be typed.
    let argument: String

    /// How far a reading is.
    public struct Progress: Sendable {
        public var file: String
        public var rows: Int
        /// From 0 to 1.
        public var share: Double
    }

    /// - Throws: `DataError`, also for a file that holds something else than rows.
    public init(_ source: DataSource) throws {
        spool = source.path == "-" ? try Spool(FileHandle.standardInput) : nil
        path = spool?.path ?? source.path
        name = spool == nil ? source.path : Self.standardInput
        argument = spool == nil ? source.path : "FILE"
        task = source.task
        columns = source.columns
        let file = try Self.open(path, name)
        let beginning = Array(try file.read(upToCount: 1 << 16) ?? Data())
        bytes = Int(try file.seekToEnd())
        guard !beginning.isEmpty else { throw DataError.empty(name) }
        if let foreign = ForeignBytes(beginning: beginning) {
            throw DataError.foreign(name, foreign.remedy(argument))
        }
        guard
            let format = source.format ?? DataFormat(ofFile: source.path, for: source.task)
                ?? DataFormat(beginning: beginning, for: source.task)
        else { throw DataError.unknownFormat(name) }
        self.format = format
    }

    private static func open(_ path: String, _ name: String) throws -> FileHandle {
        do { return try FileHandle(forReadingFrom: URL(filePath: path)) } catch {
            throw DataError.unreadable(name, obstacle(error))
        }
    }

    /// Shows every row in its order. No more is held than a piece of the file and its rows.
    ///
    /// - Parameter header: the record that names the columns, before the first row.
    public func read(
        progress: (Progress) -> Void = { _ in }, header: ([UInt8]) throws -> Void = { _ in },
        _ body: (ReadRow) throws -> Void
    ) throws {
        let limits = RowLimits(maximumRows: .max)
        var reader = DataReader(format, columns: columns, task: task, limits: limits)
        let file = try Self.open(path, name)
        var (done, rows, isBegun) = (0, 0, false)
        func show(_ ended: [ReadRow]) throws {
            if !isBegun, !ended.isEmpty {
                isBegun = true
                try header(reader.header)
            }
            for row in ended { try body(row) }
            rows += ended.count
            progress(Progress(file: name, rows: rows, share: Double(done) / Double(max(1, bytes))))
        }
        while let piece = try file.read(upToCount: 1 << 18), !piece.isEmpty {
            var ended: [ReadRow] = []
            reader.feed(piece.span) { ended.append($0) }
            done += piece.count
            try show(ended)
        }
        var ended: [ReadRow] = []
        reader.finish { ended.append($0) }
        try show(ended)
    }
}

/// What comes from elsewhere, in a file that goes when nobody holds it any more.
private final class Spool: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/hone-data-\(UUID().uuidString)"

    init(_ source: FileHandle) throws {
        guard
            FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw DataError.unwritable(path, "standard input needs room there while it is read") }
        let target = try FileHandle(forWritingTo: URL(filePath: path))
        while let piece = try source.read(upToCount: 1 << 20), !piece.isEmpty {
            try target.write(contentsOf: piece)
        }
        try target.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Why a file of rows cannot be read or written. Each sentence says what to do.
public enum DataError: Error, Sendable, CustomStringConvertible {
    case unreadable(String, String)
    case unwritable(String, String)
    case empty(String)
    case foreign(String, String)
    case unknownFormat(String)
    case unwritableRow(String, line: Int, String)
    case wrongUse(String)

    public var description: String {
        switch self {
        case .unreadable(let file, let why): "\(file) cannot be read: \(why)"
        case .unwritable(let file, let why): "\(file) cannot be written: \(why)"
        case .empty(let file): "\(file) is empty: rows are needed"
        case .foreign(let file, let remedy): "\(file) \(remedy)"
        case .unknownFormat(let file):
            "\(file): neither its name nor its beginning says how it is written: say --format "
                + DataFormat.allCases.map(\.rawValue).joined(separator: "|")
        case .unwritableRow(let file, let line, let why): "\(file):\(line): \(why)"
        case .wrongUse(let why): why
        }
    }
}
