import Corpus
import Foundation

/// Where rows go: a file that appears under its name once it is whole, or standard output.
struct RowSink {
    private let path: String?
    private let handle: FileHandle
    private var waiting: [UInt8] = []
    private(set) var rows = 0

    private static let piece = 1 << 20

    /// - Parameter path: `nil` for standard output.
    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = .standardOutput
            return
        }
        do {
            try Data().write(to: URL(filePath: path + ".partial"))
            handle = try FileHandle(forWritingTo: URL(filePath: path + ".partial"))
        } catch {
            throw DataError.unwritable(path, obstacle(error))
        }
    }

    /// Writes what belongs to no row.
    mutating func write(_ bytes: some Sequence<UInt8>) throws {
        waiting += bytes
        if waiting.count >= Self.piece { try flush() }
    }

    mutating func write(row bytes: some Sequence<UInt8>) throws {
        rows += 1
        try write(bytes)
    }

    private mutating func flush() throws {
        do { try handle.write(contentsOf: waiting) } catch {
            throw DataError.unwritable(path ?? "standard output", obstacle(error))
        }
        waiting.removeAll(keepingCapacity: true)
    }

    mutating func finish() throws {
        try flush()
        guard let path else { return }
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw DataError.unwritable(path, obstacle(error))
        }
        // In place of what was there: a rename leaves no moment without a file.
        guard unsafe rename(path + ".partial", path) == 0 else {
            throw DataError.unwritable(path, unsafe String(cString: strerror(errno)))
        }
    }

    /// Leaves nothing behind of what was not finished.
    func abandon() {
        if let path { try? FileManager.default.removeItem(atPath: path + ".partial") }
    }
}

extension DataFile {
    /// The form in which rows of this file are handed on: its own, but for SQuAD's, which is one object.
    var formatOfCopies: DataFormat { format == .squad ? .jsonLines : format }

    /// What comes before rows that are handed on.
    func copiedHeader(_ header: [UInt8]) -> [UInt8] {
        header.isEmpty ? [] : header + [UInt8(ascii: "\n")]
    }

    /// A row as it is handed on: byte for byte as it stood there, with all its columns.
    func copy(of row: ReadRow, _ example: Example) -> [UInt8] {
        format == .squad ? Array(example.jsonLine.utf8) + [0x0A] : row.source + [UInt8(ascii: "\n")]
    }
}
