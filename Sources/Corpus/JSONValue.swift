/// A JSON value (RFC 8259), read strictly: one value, nothing after it, bounded depth.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// As it was written: what becomes of digits is the reader's decision.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Why bytes are no JSON value.
    struct Failure: Error, Equatable {
        let reason: String
    }

    static let maximumDepth = 32

    init(parsing bytes: [UInt8]) throws(Failure) {
        var parser = Parser(bytes: bytes)
        self = try parser.wholeValue()
    }

    /// The value at a dotted path; a key that contains the dots literally comes first.
    func value(at path: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        if let direct = members[path] { return direct }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        return members[String(path[..<dot])]?.value(at: String(path[path.index(after: dot)...]))
    }

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func wholeValue() throws(Failure) -> JSONValue {
            let result = try value(depth: 0)
            skipSpace()
            guard position == bytes.count else { throw failure("something stands after the value") }
            return result
        }

        private func failure(_ what: String) -> Failure { Failure(reason: "\(what) at byte \(position + 1)") }

        private mutating func skipSpace() {
            while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                position += 1
            }
        }

        private mutating func value(depth: Int) throws(Failure) -> JSONValue {
            guard depth < JSONValue.maximumDepth else {
                throw failure("nested more than \(JSONValue.maximumDepth) deep")
            }
            skipSpace()
            guard let first = next else { throw failure("the value is missing") }
            switch first {
            case UInt8(ascii: "{"): return try object(depth: depth)
            case UInt8(ascii: "["): return try array(depth: depth)
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "t"): return try word("true", .bool(true))
            case UInt8(ascii: "f"): return try word("false", .bool(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
            default: throw failure("no JSON value begins")
            }
        }

        private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
            let letters = Array("\(word)".utf8)
            guard bytes[position...].starts(with: letters) else { throw failure("an unknown word stands") }
            position += letters.count
            return value
        }

        private mutating func object(depth: Int) throws(Failure) -> JSONValue {
            position += 1
            var members: [String: JSONValue] = [:]
            skipSpace()
            if next == UInt8(ascii: "}") {
                position += 1
                return .object(members)
            }
            while true {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw failure("a key is missing") }
                let key = try string()
                skipSpace()
                guard next == UInt8(ascii: ":") else { throw failure("a colon is missing") }
                position += 1
                members[key] = try value(depth: depth + 1)
                guard try hasMore(until: UInt8(ascii: "}")) else { return .object(members) }
            }
        }

        private mutating func array(depth: Int) throws(Failure) -> JSONValue {
            position += 1
            var elements: [JSONValue] = []
            skipSpace()
            if next == UInt8(ascii: "]") {
                position += 1
                return .array(elements)
            }
            while true {
                elements.append(try value(depth: depth + 1))
                guard try hasMore(until: UInt8(ascii: "]")) else { return .array(elements) }
            }
        }

        /// Steps over a comma, or over the end.
        private mutating func hasMore(until end: UInt8) throws(Failure) -> Bool {
            skipSpace()
            guard let byte = next, byte == UInt8(ascii: ",") || byte == end else {
                throw failure("a comma or the end is missing")
            }
            position += 1
            return byte != end
        }

        private mutating func number() throws(Failure) -> JSONValue {
            let start = position
            func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
            if next == UInt8(ascii: "-") { position += 1 }
            guard isDigit(next) else { throw failure("a digit is missing") }
            if next == UInt8(ascii: "0") { position += 1 } else { while isDigit(next) { position += 1 } }
            if next == UInt8(ascii: ".") {
                position += 1
                guard isDigit(next) else { throw failure("a digit is missing") }
                while isDigit(next) { position += 1 }
            }
            if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
                position += 1
                if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
                guard isDigit(next) else { throw failure("a digit is missing") }
                while isDigit(next) { position += 1 }
            }
            return .number(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        private mutating func string() throws(Failure) -> String {
            position += 1
            var result: [UInt8] = []
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""):
                    guard let text = String(validating: result, as: UTF8.self) else {
                        throw failure("invalid UTF-8 stands")
                    }
                    return text
                case UInt8(ascii: "\\"): try escape(into: &result)
                case 0..<0x20: throw failure("a control character stands")
                default: result.append(byte)
                }
            }
            throw failure("a text does not end")
        }

        private mutating func escape(into result: inout [UInt8]) throws(Failure) {
            guard let byte = next else { throw failure("an escape does not end") }
            position += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"): result += Array(String(try escapedScalar()).utf8)
            default: throw failure("an unknown escape stands")
            }
        }

        /// A scalar written as `\uXXXX`, or as a pair of surrogates. Half a pair is no text.
        private mutating func escapedScalar() throws(Failure) -> Character {
            let first = try hexadecimal()
            var value = first
            if (0xD800..<0xDC00).contains(first), position + 1 < bytes.count,
                bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let second = try hexadecimal()
                guard (0xDC00..<0xE000).contains(second) else {
                    throw failure("half a surrogate pair stands")
                }
                value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair stands") }
            return Character(scalar)
        }

        private mutating func hexadecimal() throws(Failure) -> UInt32 {
            var value: UInt32 = 0
            for _ in 0..<4 {
                guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                    throw failure("four hexadecimal digits are missing")
                }
                value = value << 4 + UInt32(digit)
                position += 1
            }
            return value
        }
    }
}
