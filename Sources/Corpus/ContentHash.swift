import Crypto
public import Foundation

/// SHA-256 over what a row says: two rows that say the same are the same row.
public struct ContentHash: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    public let hex: String

    private init(_ digest: some Digest) {
        hex = digest.hexadecimal
    }

    /// The hash of text, pair and target. Equal texts in different Unicode forms are equal here, and
    /// each field carries its length, so that no two rows can flow into each other.
    public init(of example: Example) {
        self.init(Self.digest([example.text, example.pair] + (example.target?.fields ?? [nil])))
    }

    /// 64 bits of what a row says of which text; those of the text alone are `key(of: text, pair)`.
    package static func key(of example: Example) -> UInt64 {
        key(of: [example.text, example.pair] + (example.target?.fields ?? [nil]))
    }

    /// 64 bits of what a row says, of whichever text.
    package static func key(ofTargetOf example: Example) -> UInt64 {
        key(of: example.target?.fields ?? [nil])
    }

    /// 64 bits of the hash of some fields: among a million rows two share them by chance in one of 10⁷ files.
    package static func key(of fields: String?...) -> UInt64 { key(of: fields) }

    private static func key(of fields: [String?]) -> UInt64 {
        digest(fields).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A row without a target has an empty place for it.
    private static func digest(_ fields: [String?]) -> SHA256.Digest {
        var hasher = SHA256()
        for field in fields {
            guard let field else {
                hasher.update(data: [0xFF])
                continue
            }
            let bytes = Array(field.precomposedStringWithCanonicalMapping.utf8)
            hasher.update(data: [0x01])
            unsafe withUnsafeBytes(of: UInt64(bytes.count).littleEndian) {
                unsafe hasher.update(bufferPointer: $0)
            }
            hasher.update(data: bytes)
        }
        return hasher.finalize()
    }

    public init(ofBytes bytes: some DataProtocol) {
        self.init(SHA256.hash(data: bytes))
    }

    /// The hash of a file, read piece by piece.
    ///
    /// - Throws: what the system says when the file cannot be read.
    public static func ofFile(_ path: String) throws -> ContentHash {
        // A memory map lets the system page the file through; nothing is held.
        let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        return ContentHash(ofBytes: data)
    }

    /// The one hash of several files: of a single one its own, else of all in this order.
    public static func joining(_ parts: [ContentHash]) -> ContentHash {
        parts.count == 1 ? parts[0] : ContentHash(ofBytes: Data(parts.map(\.hex).joined().utf8))
    }

    public init?(hex: String) {
        guard hex.utf8.count == 64, hex.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return nil }
        self.hex = hex
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let hash = ContentHash(hex: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no SHA-256"))
        }
        self = hash
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    public var description: String { hex }
}

/// The name that git gives to a file's content: SHA-1 of `blob`, the length, a zero byte and the bytes.
/// Hubs tell it for files that they keep in git itself; it guards against accidents only.
///
/// Source: <https://git-scm.com/book/en/v2/Git-Internals-Git-Objects>.
public func gitBlobHash(ofFile path: String) throws -> String {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    var hasher = Insecure.SHA1()
    hasher.update(data: Data("blob \(data.count)\0".utf8))
    hasher.update(data: data)
    return hasher.finalize().hexadecimal
}

extension Sequence<UInt8> {
    /// Two digits a byte.
    var hexadecimal: String {
        reduce(into: "") { text, byte in
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
    }
}
