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
}
