import Corpus
import Foundation

/// A file of raw text, read in blocks of about 128 KiB from any place: it may be larger than memory.
///
/// Blocks end where lines do. Block k reaches from the first line that begins at or behind byte k·size to the
/// first that does so for k + 1, and is found without reading those before it. Where there is no line
/// end for a mebibyte, words are the next best.
package struct TextFile: Sendable {
    package let path: String
    /// In bytes.
    package let size: Int
    /// Whether each line is a JSON object with a member "text"; else documents are set apart by empty lines.
    let isJSONLines: Bool
    private let blockBytes: Int
    /// So far a line end is looked for.
    private let lineBytes: Int

    /// - Throws: `PretrainingError`.
    package init(_ path: String, blockBytes: Int = 1 << 17, lineBytes: Int = 1 << 20) throws(PretrainingError)
    {
        self.path = path
        self.blockBytes = blockBytes
        self.lineBytes = lineBytes
        isJSONLines = path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson")
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .unreadable(path, reason: "it does not exist")
        }
        guard !isFolder.boolValue else {
            throw .unreadable(path, reason: "it is a folder: name the files in it")
        }
        guard let file = FileHandle(forReadingAtPath: path), let end = try? file.seekToEnd() else {
            throw .unreadable(path, reason: "you may not read it, or it is no regular file")
        }
        size = Int(end)
        guard size > 0 else { throw .unreadable(path, reason: "it is empty") }
        try checkKind()
    }

    package var blockCount: Int { (size + blockBytes - 1) / blockBytes }

    /// The documents, or pieces of such, of one block.
    ///
    /// - Throws: `PretrainingError`.
    package func passages(ofBlock index: Int) throws(PretrainingError) -> [Passage] {
        let start = try boundary(index * blockBytes)
        let end = try boundary((index + 1) * blockBytes)
        let bytes = try read(start..<end)
        guard isJSONLines else { return Passage.cut(bytes) }
        return try rows(bytes, first: start)
    }

    /// What tells the file from another, or from itself before a change: its length and how it begins.
    func identity() throws(PretrainingError) -> String {
        "\(size) \(ContentHash(ofBytes: try read(0..<min(size, lineBytes))).hex)"
    }

    /// Where the block that begins at or behind a byte begins.
    private func boundary(_ place: Int) throws(PretrainingError) -> Int {
        if place <= 0 { return 0 }
        if place >= size { return size }
        // A line that begins just there has its line end one byte before.
        var window: [UInt8] = []
        for reach in [min(4_096, lineBytes), lineBytes] {
            window = try read(place - 1..<min(place - 1 + reach, size))
            if let line = window.firstIndex(of: UInt8(ascii: "\n")) { return place + line }
            if window.count < reach { return size }
        }
        if let word = window.dropFirst().firstIndex(of: UInt8(ascii: " ")) { return place + word }
        // UTF-8: bytes that continue a scalar are 10xxxxxx.
        return place - 1 + (window.dropFirst().firstIndex { $0 & 0xC0 != 0x80 } ?? 1)
    }

    private func read(_ range: Range<Int>) throws(PretrainingError) -> [UInt8] {
        do {
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw CocoaError(.fileReadNoPermission)
            }
            defer { try? file.close() }
            try file.seek(toOffset: UInt64(range.lowerBound))
            var bytes: [UInt8] = []
            bytes.reserveCapacity(range.count)
            while bytes.count < range.count,
                let more = try file.read(upToCount: range.count - bytes.count), !more.isEmpty
            {
                bytes += more
            }
            guard bytes.count == range.count else {
                throw PretrainingError.unreadable(path, reason: "it became shorter while it was read")
            }
            return bytes
        } catch let error as PretrainingError {
            throw error
        } catch {
            throw .unreadable(path, reason: error.localizedDescription)
        }
    }

    private struct Row: Decodable { var text: String }

    private func rows(_ bytes: [UInt8], first: Int) throws(PretrainingError) -> [Passage] {
        var passages: [Passage] = []
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy(Passage.isSpace) {
            guard let row = try? decoder.decode(Row.self, from: Data(line)) else {
                throw .badRow(path, byte: first + line.startIndex)
            }
            if !row.text.utf8.allSatisfy(Passage.isSpace) {
                passages.append(Passage(text: row.text, continues: false))
            }
        }
        return passages
    }

    /// Refuses what is no text: trained on, it would give a model of noise without a word said.
    private func checkKind() throws(PretrainingError) {
        let bytes = try read(0..<min(size, 1 << 16))
        if bytes.starts(with: [0x1F, 0x8B]) { throw .compressed(path) }
        guard !bytes.contains(0) else { throw .notText(path) }
        let broken = String(decoding: bytes, as: UTF8.self).unicodeScalars.count { $0 == "\u{FFFD}" }
        guard broken <= 3 + bytes.count / 1_000 else { throw .notText(path) }
    }
}
