import Corpus

/// A document, or a piece of one that is long.
package struct Passage: Sendable, Equatable {
    package var text: String
    /// Whether the document began in the piece before.
    package var continues: Bool

    package init(text: String, continues: Bool) {
        self.text = text
        self.continues = continues
    }

    /// A document is cut where a line ends once a piece has so many bytes: what is held out is small enough
    /// for a short text to have some, and no piece is longer than memory likes.
    static let bytes = 4_096

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Cuts plain text into documents, which empty lines set apart, and long documents into pieces.
    static func cut(_ bytes: [UInt8]) -> [Passage] {
        var passages: [Passage] = []
        var (start, place, continues) = (0, 0, false)
        func end(at end: Int, ofDocument isLast: Bool) {
            append(bytes, start..<end, continues: continues, isLast: isLast, to: &passages)
            continues = !isLast
            start = end
        }
        while place < bytes.count {
            let line = place
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            let isEmpty = bytes[line..<place].allSatisfy(isSpace)
            place = min(place + 1, bytes.count)
            if isEmpty {
                if start < line || continues { end(at: line, ofDocument: true) }
                start = place
            } else if place - start >= Self.bytes {
                end(at: place, ofDocument: false)
            }
        }
        if start < bytes.count { end(at: bytes.count, ofDocument: true) }
        return passages
    }

    /// Appends what a range holds, in pieces where a line of it is too long for one.
    private static func append(
        _ bytes: [UInt8], _ range: Range<Int>, continues: Bool, isLast: Bool, to passages: inout [Passage]
    ) {
        var rest = range
        var continues = continues
        func take(_ end: Int) {
            var piece = bytes[rest.lowerBound..<end]
            // Line ends within a document are part of it; those that end it are not.
            if isLast, end == range.upperBound {
                while let byte = piece.last, isSpace(byte) { piece.removeLast() }
            }
            if !piece.allSatisfy(isSpace) {
                passages.append(Passage(text: String(decoding: piece, as: UTF8.self), continues: continues))
                continues = true
            }
            rest = end..<rest.upperBound
        }
        while rest.count > 2 * Self.bytes {
            let window = rest.lowerBound + Self.bytes..<rest.lowerBound + 2 * Self.bytes
            let space = bytes[window].firstIndex(where: isSpace)
            take(space ?? bytes[window].firstIndex { $0 & 0xC0 != 0x80 } ?? window.upperBound)
        }
        if !rest.isEmpty { take(rest.upperBound) }
    }

    /// Whether it is kept to measure the model by. What it says decides: it never changes sides, and neither
    /// does its duplicate.
    func isHeldOut(share: Double) -> Bool {
        Split.of(ContentHash(of: Example(text: text)), shares: Split.Shares(development: 0, holdout: share))
            == .holdout
    }
}
