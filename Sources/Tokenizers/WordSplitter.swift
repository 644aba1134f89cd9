/// Cuts a text into words and punctuation, normalizing on the way, in one pass over its bytes.
///
/// Most bytes of most texts are ASCII, for which a table says everything. The others go through
/// `BertNormalizer` one scalar at a time.
struct WordSplitter: Sendable {
    private enum Kind: UInt8 { case removed, space, punctuation, letter, other }

    let normalizer: BertNormalizer
    private let kinds: [UInt8]
    private let lowered: [UInt8]

    init(_ normalizer: BertNormalizer) {
        self.normalizer = normalizer
        kinds = (0..<128).map { byte -> UInt8 in
            let kind: Kind =
                switch byte {
                case 9, 10, 13, 32: .space
                case 0...31, 127:
                    normalizer.cleansText
                        ? .removed : (byte == 11 || byte == 12 ? .space : .letter)
                case 33...47, 58...64, 91...96, 123...126: .punctuation
                default: .letter
                }
            return kind.rawValue
        }
        lowered = (0..<128).map {
            normalizer.lowercases && (65...90).contains($0) ? UInt8($0 + 32) : UInt8($0)
        }
    }

    /// A word under construction: its bytes, and which scalar of the text each came from.
    struct Word {
        var bytes: [UInt8] = []
        var scalars: [Int32] = []

        mutating func append(_ scalar: Unicode.Scalar, from index: Int) {
            for byte in UTF8.encode(scalar)! {
                bytes.append(byte)
                scalars.append(Int32(truncatingIfNeeded: index))
            }
        }

        /// Hands the word out, if there is one, and begins the next.
        mutating func end(_ emit: (borrowing Word) -> Void) {
            guard !bytes.isEmpty else { return }
            emit(self)
            bytes.removeAll(keepingCapacity: true)
            scalars.removeAll(keepingCapacity: true)
        }

        /// A word of one scalar.
        mutating func alone(_ scalar: Unicode.Scalar, from index: Int, _ emit: (borrowing Word) -> Void) {
            end(emit)
            append(scalar, from: index)
            end(emit)
        }
    }

    /// Hands out each word of `text`, a whole UTF-8 string, in order.
    ///
    /// - Parameter first: the number of its first scalar.
    func split(_ text: UnsafeBufferPointer<UInt8>, first: Int, _ emit: (borrowing Word) -> Void) {
        var word = Word()
        var position = 0
        var index = first
        while position < text.count {
            let byte = unsafe text[position]
            if byte < 0x80 {
                switch kinds[Int(byte)] {
                case Kind.letter.rawValue:
                    word.bytes.append(lowered[Int(byte)])
                    word.scalars.append(Int32(truncatingIfNeeded: index))
                case Kind.space.rawValue: word.end(emit)
                case Kind.punctuation.rawValue: word.alone(Unicode.Scalar(byte), from: index, emit)
                default: break
                }
                position += 1
            } else {
                let (scalar, length) = unsafe UTF8Scalars.scalar(in: text, at: position)
                normalize(scalar, index, &word, emit)
                position += length
            }
            index += 1
        }
        word.end(emit)
    }

    private func normalize(
        _ scalar: Unicode.Scalar, _ index: Int, _ word: inout Word, _ emit: (borrowing Word) -> Void
    ) {
        switch normalizer.outcome(of: scalar) {
        case .removed: break
        case .space: word.end(emit)
        case .alone(let scalars):
            word.end(emit)
            for scalar in scalars { word.append(scalar, from: index) }
            word.end(emit)
        case .scalars(let scalars):
            for scalar in scalars { take(scalar, index, &word, emit) }
        }
    }

    /// Hands out each word of a part of a text that is normalized already.
    func split(_ text: NormalizedText, _ part: Range<Int>, _ emit: (borrowing Word) -> Void) {
        var word = Word()
        unsafe text.bytes.withUnsafeBufferPointer { bytes in
            var position = part.lowerBound
            while position < part.upperBound {
                let (scalar, length) = unsafe UTF8Scalars.scalar(in: bytes, at: position)
                take(scalar, Int(text.origins[position]), &word, emit)
                position += length
            }
        }
        word.end(emit)
    }

    private func take(
        _ scalar: Unicode.Scalar, _ index: Int, _ word: inout Word, _ emit: (borrowing Word) -> Void
    ) {
        if BertNormalizer.isWhitespace(scalar) {
            word.end(emit)
        } else if BertNormalizer.isPunctuation(scalar) {
            word.alone(scalar, from: index, emit)
        } else {
            word.append(scalar, from: index)
        }
    }
}
