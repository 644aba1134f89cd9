/// JSON as it was written: keys in their order, and told apart by their bytes.
///
/// Foundation's decoder puts keys into a dictionary, where `é` and `e` with an accent are one key. In a
/// vocabulary they are two tokens.
indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// The value of a key; `nil` where there is none or it is `null`.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self,
            let value = members.last(where: { $0.key.utf8.elementsEqual(key.utf8) })?.value
        else { return nil }
        if case .null = value { return nil }
        return value
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var int: Int? { number.flatMap { Int(exactly: $0) } }
    var int32: Int32? { number.flatMap { Int32(exactly: $0) } }
    var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    var object: [(key: String, value: JSONValue)]? {
        if case .object(let value) = self { value } else { nil }
    }
}

/// Reads JSON (RFC 8259).
struct JSONReader {
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private static let maximumDepth = 64

    /// - Throws: `Malformed`.
    static func value(of bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw Malformed() }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    /// The next byte that is no white space.
    private mutating func peek() throws(Malformed) -> UInt8 {
        skipSpace()
        guard position < bytes.count else { throw Malformed() }
        return bytes[position]
    }

    private mutating func take(_ byte: Unicode.Scalar) throws(Malformed) -> Bool {
        guard try peek() == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(Malformed) {
        guard try take(byte) else { throw Malformed() }
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        guard depth < Self.maximumDepth else { throw Malformed() }
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(Malformed) -> JSONValue {
        let wanted = Array("\(text)".utf8)
        guard bytes[position...].starts(with: wanted) else { throw Malformed() }
        position += wanted.count
        return value
    }

    private mutating func object(_ depth: Int) throws(Malformed) -> JSONValue {
        try expect("{")
        var members: [(key: String, value: JSONValue)] = []
        guard try !take("}") else { return .object(members) }
        repeat {
            guard try peek() == UInt8(ascii: "\"") else { throw Malformed() }
            let key = try string()
            try expect(":")
            members.append((key, try value(depth: depth + 1)))
        } while try take(",")
        try expect("}")
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Malformed) -> JSONValue {
        try expect("[")
        var elements: [JSONValue] = []
        guard try !take("]") else { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while try take(",")
        try expect("]")
        return .array(elements)
    }

    private mutating func number() throws(Malformed) -> Double {
        let start = position
        while position < bytes.count, Self.isOfNumber(bytes[position]) { position += 1 }
        // Most numbers are ids.
        if position - start <= 9, bytes[start..<position].allSatisfy({ 0x30...0x39 ~= $0 }), position > start
        {
            return Double(bytes[start..<position].reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw Malformed()
        }
        return value
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }

    private mutating func string() throws(Malformed) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C { position += 1 }
        guard position < bytes.count else { throw Malformed() }
        if bytes[position] == 0x22 {
            position += 1
            return String(decoding: bytes[start..<position - 1], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while position < bytes.count, bytes[position] != 0x22 {
            if bytes[position] == 0x5C {
                position += 1
                text += UTF8.encode(try escaped())!
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
        try expect("\"")
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escaped() throws(Malformed) -> Unicode.Scalar {
        guard position < bytes.count else { throw Malformed() }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return try unicodeEscape()
        case let byte: return Unicode.Scalar(byte)
        }
    }

    private mutating func unicodeEscape() throws(Malformed) -> Unicode.Scalar {
        let first = try hexadecimal()
        guard 0xD800..<0xDC00 ~= first else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard bytes[position...].starts(with: Array("\\u".utf8)) else { return "\u{FFFD}" }
        position += 2
        let second = try hexadecimal()
        guard 0xDC00..<0xE000 ~= second else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(Malformed) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw Malformed() }
        position += 4
        return value
    }
}
