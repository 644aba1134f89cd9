/// A text after normalization, and which scalars of the original each of its bytes stands for.
///
/// Hugging Face's `tokenizers` keeps the same in its `NormalizedString`, and offsets must come out as its
/// do: what is put in shares the place of what stands before it, what is taken out leaves a gap.
struct AlignedText: Equatable {
    struct Origin: Equatable {
        var start: Int32
        var end: Int32
    }

    var bytes: [UInt8] = []
    /// One for each byte.
    var origins: [Origin] = []
    /// Where the original begins.
    var first: Int32 = 0

    init() {}

    /// A text as it came.
    ///
    /// - Parameters:
    ///   - text: whole UTF-8.
    ///   - first: the number of its first scalar.
    init(_ text: UnsafeBufferPointer<UInt8>, first: Int) {
        unsafe bytes = Array(text)
        self.first = Int32(truncatingIfNeeded: first)
        origins.reserveCapacity(bytes.count)
        var next = self.first
        for byte in bytes {
            if byte & 0xC0 != 0x80 { next += 1 }
            origins.append(Origin(start: next - 1, end: next))
        }
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Where some bytes, at least one, come from.
    func origin(of part: Range<Int>) -> Range<Int> {
        let start = Int(origins[part.lowerBound].start)
        return start..<max(start, Int(origins[part.upperBound - 1].end))
    }

    /// Some bytes, whole scalars, as a text of their own.
    subscript(part: Range<Int>) -> AlignedText {
        var text = AlignedText()
        text.bytes = Array(bytes[part])
        text.origins = Array(origins[part])
        text.first = text.origins.first?.start ?? first
        return text
    }

    /// The scalar that begins at a byte, and its length in bytes.
    func scalar(at position: Int) -> (Unicode.Scalar, Int) {
        unsafe bytes.withUnsafeBufferPointer { unsafe UTF8Scalars.scalar(in: $0, at: position) }
    }

    var scalars: String.UnicodeScalarView { String(decoding: bytes, as: UTF8.self).unicodeScalars }

    mutating func append(_ scalar: Unicode.Scalar, _ origin: Origin) {
        for byte in UTF8.encode(scalar)! {
            bytes.append(byte)
            origins.append(origin)
        }
    }

    /// The scalars that `isKept` keeps, each in its place.
    func filtered(_ isKept: (Unicode.Scalar) -> Bool) -> AlignedText {
        var result = AlignedText()
        result.first = first
        var position = 0
        while position < bytes.count {
            let (scalar, length) = self.scalar(at: position)
            if isKept(scalar) { result.append(scalar, origins[position]) }
            position += length
        }
        return result
    }
}

/// Rewrites a text scalar by scalar.
struct Rewriting {
    private let source: AlignedText
    /// The next byte of the source to be replaced.
    private var position = 0
    private(set) var result = AlignedText()

    init(_ source: AlignedText) {
        self.source = source
        result.first = source.first
        result.bytes.reserveCapacity(source.bytes.count)
        result.origins.reserveCapacity(source.bytes.count)
    }

    /// Puts one scalar.
    ///
    /// - Parameter change: 1 where it is put in, 0 where it replaces the next one of the source, −n where
    ///   it replaces that and n more.
    mutating func put(_ scalar: Unicode.Scalar, change: Int) {
        let origins = source.origins
        if change > 0 || origins.isEmpty {
            let start = source.first
            result.append(
                scalar, position > 0 ? origins[position - 1] : AlignedText.Origin(start: start, end: start))
            return
        }
        result.append(scalar, origins[min(position, origins.count - 1)])
        for _ in change...0 where position < source.bytes.count {
            position += source.scalar(at: position).1
        }
    }
}
