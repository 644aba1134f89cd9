/// As much of JSON (RFC 8259) as a safetensors header may contain: objects, strings and arrays of
/// non-negative integers. Everything else is a fault, found at a named byte.
///
/// Objects are as deep as their reader asks and arrays hold numbers only, so that no nesting, however deep, can exhaust the stack.
struct HeaderReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Punctuation

    /// Consumes a mark if it comes next, after any white space.
    mutating func take(_ mark: Unicode.Scalar) throws(SafetensorsHeader.Problem) -> Bool {
        skipSpace()
        guard position < bytes.count else {
            throw SafetensorsHeader.Problem(reason: "the header ends in the middle")
        }
        guard bytes[position] == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ mark: Unicode.Scalar) throws(SafetensorsHeader.Problem) {
        guard try take(mark) else { throw fault("'\(mark)' is expected") }
    }

    /// Only white space may follow: writers fill up with it to align the data.
    mutating func expectEnd() throws(SafetensorsHeader.Problem) {
        skipSpace()
        guard position == bytes.count else { throw fault("something follows the header's end") }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
    }

    private func fault(_ reason: String) -> SafetensorsHeader.Problem {
        SafetensorsHeader.Problem(reason: "\(reason) at byte \(position) of the header")
    }

    // MARK: Objects

    /// Calls `member` with each name of an object; it must read the value.
    mutating func members(
        _ member: (inout HeaderReader, String) throws(SafetensorsHeader.Problem) -> Void
    ) throws(SafetensorsHeader.Problem) {
        try expect("{")
        if try take("}") { return }
        repeat {
            let name = try string()
            try expect(":")
            try member(&self, name)
        } while try take(",")
        try expect("}")
    }

    // MARK: Numbers

    /// An array of non-negative integers, without sign, fraction, exponent or leading zero.
    mutating func integers() throws(SafetensorsHeader.Problem) -> [Int] {
        var integers: [Int] = []
        try expect("[")
        if try take("]") { return integers }
        repeat { integers.append(try integer()) } while try take(",")
        try expect("]")
        return integers
    }

    private mutating func integer() throws(SafetensorsHeader.Problem) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
            guard !overflow, !carry else { throw fault("a number is too large") }
            value = sum
            position += 1
        }
        guard position > start else { throw fault("a non-negative integer is expected") }
        guard bytes[start] != 0x30 || position == start + 1 else { throw fault("a number begins with 0") }
        return value
    }

    // MARK: Strings

    mutating func string() throws(SafetensorsHeader.Problem) -> String {
        try expect("\"")
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: content, as: UTF8.self) else {
                    throw fault("text is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw fault("a control character stands in a string")
            default: content.append(byte)
            }
        }
        throw SafetensorsHeader.Problem(reason: "the header ends inside a string")
    }

    private mutating func escape(into content: inout [UInt8]) throws(SafetensorsHeader.Problem) {
        guard position < bytes.count else {
            throw SafetensorsHeader.Problem(reason: "the header ends inside a string")
        }
        let mark = bytes[position]
        position += 1
        switch Unicode.Scalar(mark) {
        case "\"", "\\", "/": content.append(mark)
        case "b": content.append(0x08)
        case "f": content.append(0x0c)
        case "n": content.append(0x0a)
        case "r": content.append(0x0d)
        case "t": content.append(0x09)
        case "u": content.append(contentsOf: String(Character(try scalar())).utf8)
        default: throw fault("an unknown escape stands in a string")
        }
    }

    /// What follows `\u`: a scalar, or the two halves of one as UTF-16 has them.
    private mutating func scalar() throws(SafetensorsHeader.Problem) -> Unicode.Scalar {
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xd800..<0xdc00).contains(high), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw fault("half a surrogate pair stands in a string") }
        position += 2
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
        else { throw fault("half a surrogate pair stands in a string") }
        return scalar
    }

    private mutating func hexadecimal() throws(SafetensorsHeader.Problem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
            else {
                throw fault("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
