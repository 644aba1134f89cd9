/// What `Replace` looks for: a string, or one kind of scalar that repeats. Regular expressions in their
/// whole are not to be had; tokenizers of SentencePiece use no others.
enum Pattern: Sendable, Equatable {
    case string([UInt8])
    case repeated(Kind, minimum: Int, maximum: Int)

    enum Kind: Sendable, Equatable {
        case scalar(Unicode.Scalar)
        case whitespace
        case digit

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .scalar(let own): scalar == own
            case .whitespace: scalar.properties.isWhitespace
            // As of Unicode 16, like `ScalarClass`.
            case .digit:
                scalar.properties.generalCategory == .decimalNumber
                    && scalar.properties.age?.major ?? 17 <= 16
            }
        }
    }

    /// Reads a regular expression: plain text, or one scalar, `\s` or `\d` with a quantifier.
    ///
    /// - Returns: `nil` for any other.
    init?(regex: String) {
        var rest = regex.unicodeScalars[...]
        var kinds: [Kind] = []
        while let scalar = rest.first {
            rest.removeFirst()
            switch scalar {
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                switch escaped {
                case "s": kinds.append(.whitespace)
                case "d": kinds.append(.digit)
                case "n": kinds.append(.scalar("\n"))
                case "r": kinds.append(.scalar("\r"))
                case "t": kinds.append(.scalar("\t"))
                case "0"..."9", "A"..."Z", "a"..."z": return nil
                default: kinds.append(.scalar(escaped))
                }
            case "{", "+":
                guard kinds.count == 1, let bounds = Self.bounds(scalar, &rest), rest.isEmpty else {
                    return nil
                }
                self = .repeated(kinds[0], minimum: bounds.0, maximum: bounds.1)
                return
            case "*", "?", ".", "[", "]", "(", ")", "|", "^", "$", "}": return nil
            default: kinds.append(.scalar(scalar))
            }
        }
        if kinds.count == 1 {
            self = .repeated(kinds[0], minimum: 1, maximum: 1)
            return
        }
        var bytes: [UInt8] = []
        for kind in kinds {
            guard case .scalar(let scalar) = kind else { return nil }
            bytes += UTF8.encode(scalar)!
        }
        guard !bytes.isEmpty else { return nil }
        self = .string(bytes)
    }

    private static func bounds(
        _ opening: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
    ) -> (Int, Int)? {
        if opening == "+" { return (1, .max) }
        guard let end = rest.firstIndex(of: "}") else { return nil }
        let parts = String(rest[..<end]).split(separator: ",", omittingEmptySubsequences: false)
        rest = rest[rest.index(after: end)...]
        guard let minimum = Int(parts[0]), minimum > 0 else { return nil }
        if parts.count == 1 { return (minimum, minimum) }
        guard parts.count == 2 else { return nil }
        if parts[1].isEmpty { return (minimum, .max) }
        return Int(parts[1]).map { (minimum, $0) }
    }

    /// The match that begins at a byte: its length in bytes.
    private func match(in text: AlignedText, at position: Int) -> Int? {
        switch self {
        case .string(let bytes):
            return !bytes.isEmpty && text.bytes[position...].starts(with: bytes) ? bytes.count : nil
        case .repeated(let kind, let minimum, let maximum):
            var (end, count) = (position, 0)
            while end < text.bytes.count, count < maximum {
                let (scalar, length) = text.scalar(at: end)
                guard kind.matches(scalar) else { break }
                end += length
                count += 1
            }
            return count >= minimum ? end - position : nil
        }
    }

    /// Each match replaced; what comes in stands where the last byte of its match stood.
    func replaced(in text: AlignedText, with content: String) -> AlignedText {
        var result = AlignedText()
        result.first = text.first
        result.bytes.reserveCapacity(text.bytes.count)
        result.origins.reserveCapacity(text.bytes.count)
        var position = 0
        while position < text.bytes.count {
            if let length = match(in: text, at: position) {
                position += length
                for scalar in content.unicodeScalars { result.append(scalar, text.origins[position - 1]) }
            } else {
                let end = position + text.scalar(at: position).1
                result.bytes += text.bytes[position..<end]
                result.origins += text.origins[position..<end]
                position = end
            }
        }
        return result
    }
}
