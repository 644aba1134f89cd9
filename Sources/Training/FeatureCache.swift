package import Corpus
import Foundation
package import Tensors
import Transformers

/// What a frozen encoder made of texts, on the disk: the encoder reads a text once, ever.
///
/// One file for each encoder, `features-<SHA-256>.bin`: a head of 48 bytes (a mark, the dimension and the
/// encoder's key), then records of equal length: the text's hash, its vector, and a sum over both. A record
/// that is torn or changed is as good as none, so nothing is synchronized and the folder may be deleted at
/// any time. Files are bounded: one that would grow beyond the limit keeps the texts that were asked for
/// last.
public struct FeatureCache: Sendable {
    private let folder: URL
    /// Bytes of one file.
    private let limit: Int
    /// So many encoders are remembered, the latest.
    private let encoders = 4

    public init(folder: String, limit: Int = 256 << 20) {
        self.folder = URL(filePath: folder)
        self.limit = limit
    }

    /// The vectors of texts, [texts.count, d], as far as possible from the file.
    ///
    /// - Parameters:
    ///   - key: of all that the vectors depend on beside the text.
    ///   - compute: gives the vectors of the texts at these places, row by row.
    package func features(
        of texts: [ContentHash], key: ContentHash, dimension: Int, compute: ([Int]) -> Matrix
    ) throws -> Matrix {
        let layout = Layout(dimension: dimension, key: key)
        let file = folder.appending(path: "features-\(key.hex.prefix(32)).bin")
        let stored = (try? Data(contentsOf: file, options: .alwaysMapped)).flatMap(layout.records)
        let places = stored.map(layout.places) ?? [:]
        var result = Matrix(uninitializedRows: texts.count, columns: dimension)
        var missing: [Int] = []
        for (row, text) in texts.enumerated() {
            guard let stored, let place = places[text.hex], let vector = layout.vector(stored, at: place)
            else {
                missing.append(row)
                continue
            }
            for column in 0..<dimension { result[row, column] = vector[column] }
        }
        guard !missing.isEmpty else { return result }
        let computed = compute(missing)
        var records = Data()
        for (index, row) in missing.enumerated() {
            let vector = computed[row: index]
            for column in 0..<dimension { result[row, column] = vector[column] }
            records += layout.record(texts[row], vector)
        }
        // What cannot be kept is computed again some day.
        try? keep(records, after: stored, in: file, layout, texts, result)
        return result
    }

    private func keep(
        _ records: Data, after stored: Data?, in file: URL, _ layout: Layout, _ texts: [ContentHash],
        _ features: Matrix
    ) throws {
        if let stored, layout.head.count + stored.count + records.count <= limit {
            let handle = try FileHandle(forWritingTo: file)
            defer { try? handle.close() }
            // A record that a kill has torn is written over.
            try handle.seek(toOffset: UInt64(layout.head.count + stored.count))
            try handle.write(contentsOf: records)
            return
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var whole = layout.head
        let room = max(0, limit - whole.count) / layout.size
        for (row, text) in texts.enumerated().suffix(room) {
            whole += layout.record(text, features[row: row])
        }
        try whole.write(to: file, options: .atomic)
        try FileManager.default.forgetOldest(in: folder, beyond: encoders) {
            $0.lastPathComponent.hasPrefix("features-")
        }
    }
}

/// How vectors lie in a file.
private struct Layout {
    let dimension: Int
    let head: Data
    /// Bytes of a record.
    let size: Int

    private static let hashBytes = 32
    private static let sumBytes = 8

    init(dimension: Int, key: ContentHash) {
        self.dimension = dimension
        size = Self.hashBytes + 4 * dimension + Self.sumBytes
        head = Data("HONEFEA1".utf8) + Self.bytes(of: UInt64(dimension)) + Self.bytes(of: key)
    }

    /// The whole records of a file, or `nil` where it is of something else.
    func records(_ file: Data) -> Data? {
        guard file.count >= head.count, file.prefix(head.count) == head else { return nil }
        let count = (file.count - head.count) / size
        return file.subdata(in: head.count..<head.count + count * size)
    }

    /// Where each text's record begins.
    func places(_ records: Data) -> [String: Int] {
        var places: [String: Int] = [:]
        for place in stride(from: 0, to: records.count, by: size) {
            let hash = records[place..<place + Self.hashBytes]
            places[hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()] = place
        }
        return places
    }

    /// The vector of a record, if its sum is right.
    func vector(_ records: Data, at place: Int) -> [Float]? {
        let end = place + size - Self.sumBytes
        guard Self.sum(records[place..<end]) == records[end..<end + Self.sumBytes] else { return nil }
        return (0..<dimension).map { index in
            let start = place + Self.hashBytes + 4 * index
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(records[start + $1]) << UInt32(8 * $1) }
            return Float(bitPattern: bits)
        }
    }

    func record(_ text: ContentHash, _ vector: [Float]) -> Data {
        var record = Self.bytes(of: text)
        for value in vector {
            for shift in [0, 8, 16, 24] as [UInt32] {
                record.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
            }
        }
        return record + Self.sum(record)
    }

    private static func bytes(of hash: ContentHash) -> Data {
        let digits = hash.hex.utf8.map { UInt8($0 > 57 ? $0 - 87 : $0 - 48) }
        return Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    private static func bytes(of number: UInt64) -> Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) })
    }

    /// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>): against accidents, not against people.
    private static func sum(_ bytes: Data) -> Data {
        self.bytes(of: bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }
}
