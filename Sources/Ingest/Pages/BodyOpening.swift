/// What a body is by its first bytes.
package enum BodyOpening {
    /// As many bytes as it takes to know.
    static let length = 16

    /// - Returns: what it is instead of rows; `nil` where it may be rows.
    package static func what(_ bytes: [UInt8]) -> String? {
        let packed: [([UInt8], String)] = [
            ([0x1f, 0x8b], "gzip"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd"), ([0xfd, 0x37, 0x7a, 0x58], "xz"),
            ([0x50, 0x4b, 0x03, 0x04], "zip"), ([0x42, 0x5a, 0x68], "bzip2"),
        ]
        if let name = packed.first(where: { bytes.starts(with: $0.0) })?.1 {
            return "it is a \(name) file; unpack it there, or serve it with Content-Encoding: \(name)"
        }
        let text = String(decoding: bytes.prefix(length + 64), as: UTF8.self).trimmingSpace.lowercased()
        if text.hasPrefix("<!doctype") || text.hasPrefix("<html") {
            return "it is HTML, a page for people; it may want a login, or another address"
        }
        return nil
    }
}
