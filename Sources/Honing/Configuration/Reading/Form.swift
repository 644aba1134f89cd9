/// How values of one kind are written in the configuration: reads them, checks them, writes them.
struct Form<Value> {
    /// What is accepted, for sentences such as `"x" is not EXPECTATION`.
    let expectation: String
    /// A value that is accepted, as one would write it.
    let example: String
    let read: (ConfigurationNode) throws(Misfit) -> Value
    /// The inverse of `read`, for examples and for telling what changed.
    let write: (Value) -> String
}

/// Why a value was not accepted.
enum Misfit: Error {
    /// It is not what the form expects.
    case unexpected
    /// It is of the right kind, but for another reason not accepted.
    case because(String, remedy: String)
    /// Something inside it is wrong.
    case inside([ConfigurationProblem])
}

extension Form {
    /// A form of single values, from a function that gives `nil` for what it does not accept.
    static func scalar(
        _ expectation: String, example: String, write: @escaping (Value) -> String,
        read: @escaping (String) -> Value?
    ) -> Form {
        Form(
            expectation: expectation, example: example,
            read: { node throws(Misfit) in
                guard let text = node.text, let value = read(text) else { throw .unexpected }
                return value
            }, write: write)
    }
}

extension Form<String> {
    /// Any text that is not empty.
    static func text(_ example: String) -> Form {
        .scalar("a text", example: example, write: { $0 }) { $0.isEmpty ? nil : $0 }
    }

    /// A name that can stand in a path, a metric label and a command line.
    static func name(_ example: String) -> Form {
        .scalar("a name of letters, digits, -, _ and .", example: example, write: { $0 }) { text in
            let isPlain = text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || "-_.".unicodeScalars.contains($0))
            }
            return isPlain && !text.isEmpty && text.utf8.count <= 64 && text.first != "." ? text : nil
        }
    }

    /// An absolute path.
    static func path(_ example: String) -> Form {
        .scalar("an absolute path", example: example, write: { $0 }) {
            $0.hasPrefix("/") && !$0.contains("\0") ? $0 : nil
        }
    }
}

extension Form<Int> {
    static func integer(_ range: ClosedRange<Int>, example: Int? = nil) -> Form {
        .scalar(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            example: "\(example ?? range.lowerBound)", write: { "\($0)" }
        ) { text in
            Int(text.replacing("_", with: "")).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// File permissions as three octal digits.
    static var permissions: Form {
        .scalar(
            "permissions of three octal digits", example: "\"0660\"", write: { "0" + String($0, radix: 8) }
        ) {
            let digits = $0.hasPrefix("0o") ? $0.dropFirst(2) : $0[...]
            return Int(digits, radix: 8).flatMap { (0...0o777).contains($0) ? $0 : nil }
        }
    }
}

extension Form<Double> {
    static func number(_ range: ClosedRange<Double>, example: Double) -> Form {
        .scalar(
            "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))", example: plain(example),
            write: plain
        ) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A share, written as 0.01 or as 1%.
    static func share(_ range: ClosedRange<Double>, example: Double) -> Form {
        func percent(_ share: Double) -> String { plain((share * 1e6).rounded() / 1e4) + "%" }
        return .scalar(
            "a share from \(percent(range.lowerBound)) to \(percent(range.upperBound))",
            example: percent(example),
            write: percent
        ) { text in
            let share =
                text.hasSuffix("%")
                ? Double(text.dropLast().trimmed).map { $0 / 100 } : Double(text)
            return share.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// 5 for 5.0, 0.02 for 0.02.
    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

extension Form<Bool> {
    static var flag: Form {
        .scalar("true or false", example: "true", write: { "\($0)" }) {
            ["true": true, "false": false][$0.lowercased()]
        }
    }
}

extension Form where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration.
    static var choice: Form {
        let names = Value.allCases.map(\.rawValue)
        let list = names.dropLast().joined(separator: ", ")
        return .scalar(
            names.count > 1 ? "\(list) or \(names.last!)" : names.joined(), example: names.first ?? "",
            write: { $0.rawValue }
        ) { Value(rawValue: $0) }
    }
}

extension Form {
    /// Some cases of an enumeration, none of them twice.
    static func choices<Case>() -> Form
    where Value == [Case], Case: RawRepresentable & CaseIterable & Equatable, Case.RawValue == String {
        let names = Case.allCases.map(\.rawValue)
        return Form(
            expectation: "a list of some of \(names.joined(separator: ", "))", example: "[\(names[0])]",
            read: { node throws(Misfit) in
                guard case .list(let items) = node.content, !items.isEmpty else { throw .unexpected }
                var cases: [Case] = []
                for item in items {
                    guard let next = item.text.flatMap({ Case(rawValue: $0) }) else {
                        throw .because(
                            "names \(item.described), which is none of \(names.joined(separator: ", "))",
                            remedy: item.text.flatMap { suggestion(for: $0, among: names) }
                                .map { "did you mean \($0)?" } ?? "write for example [\(names[0])]")
                    }
                    guard !cases.contains(next) else {
                        throw .because("names \(next.rawValue) twice", remedy: "keep one of the two")
                    }
                    cases.append(next)
                }
                return cases
            }, write: { "[\($0.map(\.rawValue).joined(separator: ", "))]" })
    }
}

extension StringProtocol {
    /// The text without spaces at both ends.
    var trimmed: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
