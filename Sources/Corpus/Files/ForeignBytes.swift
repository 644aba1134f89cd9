/// What bytes are that cannot be read as rows, and what helps. The sentence goes on from the file's name.
public enum ForeignBytes: Sendable, Hashable {
    case parquet, arrow, gzip, zstandard, zip, utf16
    /// Bytes that are no UTF-8, with the letter that the first of them is in Windows' Latin alphabet.
    case latin(byte: UInt8, letter: Character)

    /// What the beginning of a file says that it is; `nil` for what may be rows.
    public init?(beginning bytes: [UInt8]) {
        let signatures: [(ForeignBytes, [UInt8])] = [
            (.parquet, Array("PAR1".utf8)), (.arrow, Array("ARROW1".utf8)), (.gzip, [0x1F, 0x8B]),
            (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]), (.zip, [0x50, 0x4B, 0x03, 0x04]),
            (.utf16, [0xFF, 0xFE]), (.utf16, [0xFE, 0xFF]),
        ]
        guard let found = signatures.first(where: { bytes.starts(with: $0.1) })?.0 else {
            // Latin letters in UTF-16 without a mark: every other byte is zero.
            let zeros = (0..<2).map { side in
                stride(from: side, to: min(64, bytes.count), by: 2).count { bytes[$0] == 0 }
            }
            guard bytes.count >= 4, max(zeros[0], zeros[1]) * 4 > min(64, bytes.count) else { return nil }
            self = .utf16
            return
        }
        self = found
    }

    /// What a row is that is no UTF-8; `nil` for one that is.
    public init?(row bytes: [UInt8]) {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): position += scalar.count
            case .emptyInput: return nil
            case .error:
                self = .latin(byte: bytes[position], letter: Self.letter(bytes[position]))
                return
            }
        }
    }

    /// In Windows-1252, which is ISO 8859-1 but for letters and marks from 0x80 to 0x9F.
    private static func letter(_ byte: UInt8) -> Character {
        guard (0x80..<0xA0).contains(byte) else { return Character(Unicode.Scalar(byte)) }
        let marks = Array("€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ")
        return marks[Int(byte) - 0x80]
    }

    /// What it is and what to do, for a file of that name.
    public func remedy(_ file: String) -> String {
        switch self {
        case .parquet, .arrow:
            "is \(self == .parquet ? "Parquet" : "Arrow"), which Hone does not read: write JSON Lines with "
                + "python -c \"import pandas; pandas.read_\(self == .parquet ? "parquet" : "feather")('\(file)')"
                + ".to_json('rows.jsonl', orient='records', lines=True)\""
        case .gzip: "is compressed: gzip -dc \(file) | hone data inspect -"
        case .zstandard: "is compressed: zstd -dc \(file) | hone data inspect -"
        case .zip: "is a zip archive, as spreadsheets are too: unpack it, or save the sheet as CSV in UTF-8"
        case .utf16: "is UTF-16: iconv -f UTF-16 -t UTF-8 \(file) > utf8"
        case .latin(let byte, let letter):
            "is not UTF-8: it holds the byte 0x\(String(byte, radix: 16, uppercase: true)), which is "
                + "\"\(letter)\" in Latin-1: iconv -f WINDOWS-1252 -t UTF-8 \(file) > utf8"
        }
    }
}
