/// Scalars in the bytes of valid UTF-8.
enum UTF8Scalars {
    /// Decodes the scalar that begins at a byte.
    ///
    /// - Returns: the scalar and its length in bytes.
    static func scalar(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> (Unicode.Scalar, Int) {
        let lead = unsafe UInt32(text[position])
        func tail(_ offset: Int) -> UInt32 { unsafe UInt32(text[position + offset]) & 0x3F }
        let (value, length): (UInt32, Int) =
            if lead < 0x80 {
                (lead, 1)
            } else if lead < 0xE0 {
                ((lead & 0x1F) << 6 | tail(1), 2)
            } else if lead < 0xF0 {
                ((lead & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
            } else {
                ((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
            }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Where the scalar begins that ends at a byte, which is not the first one.
    static func start(before end: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var position = end - 1
        while unsafe position > 0 && text[position] & 0xC0 == 0x80 { position -= 1 }
        return position
    }

    static func count(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        unsafe text.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
    }

    /// How many of some bytes are whole: those after them may be the beginning of a scalar.
    static func wholeCount(_ bytes: [UInt8]) -> Int {
        // Only the last three may begin what is not there yet.
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            guard lead & 0xC0 != 0x80 else { continue }
            let wanted = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1
            guard wanted > length else { return bytes.count }
            if length > 1, !mayFollow(bytes[bytes.count - length + 1], lead) { return bytes.count }
            return bytes.count - length
        }
        return bytes.count
    }

    /// Whether a continuation byte may stand second after a lead: no surrogates, no longer forms than needed.
    private static func mayFollow(_ byte: UInt8, _ lead: UInt8) -> Bool {
        switch lead {
        case 0xE0: byte >= 0xA0
        case 0xED: byte < 0xA0
        case 0xF0: byte >= 0x90
        case 0xF4: byte < 0x90
        default: true
        }
    }
}
