/// The address of the next page in `Link` headers (RFC 8288): `<https://…?page=2>; rel="next"`.
///
/// - Parameter values: the values of all `Link` headers, in order.
/// - Returns: the first target whose relation types contain `next`, as it stands there.
package func nextLink(_ values: [String]) -> String? {
    for value in values {
        var rest = value[...]
        while let link = takeLink(&rest) {
            if link.relations.contains("next") { return link.target }
        }
    }
    return nil
}

/// Cuts the first link off; `nil` where no link stands.
private func takeLink(_ rest: inout Substring) -> (target: String, relations: [String])? {
    rest = rest.drop { $0 == "," || $0.isWhitespace }
    guard rest.first == "<", let close = rest.firstIndex(of: ">") else { return nil }
    let target = String(rest[rest.index(after: rest.startIndex)..<close])
    rest = rest[rest.index(after: close)...]
    var relations: [String]?
    while true {
        rest = rest.drop { $0.isWhitespace }
        guard rest.first == ";" else { break }
        rest = rest.dropFirst().drop { $0.isWhitespace }
        let name = rest.prefix { !"=;,".contains($0) }
        rest = rest.dropFirst(name.count)
        var value = ""
        if rest.first == "=" {
            rest = rest.dropFirst().drop { $0.isWhitespace }
            value = takeValue(&rest)
        }
        // Of several rel parameters only the first counts.
        if name.trimmedLowercase == "rel", relations == nil {
            relations = value.lowercased().split(separator: " ").map(String.init)
        }
    }
    return (target, relations ?? [])
}

/// Cuts a token or a quoted string off.
private func takeValue(_ rest: inout Substring) -> String {
    guard rest.first == "\"" else {
        let token = rest.prefix { !";,".contains($0) }
        rest = rest.dropFirst(token.count)
        return String(token.trimmingSpace)
    }
    var value = ""
    var isEscaped = false
    rest = rest.dropFirst()
    while let character = rest.popFirst() {
        if isEscaped {
            value.append(character)
            isEscaped = false
        } else if character == "\\" {
            isEscaped = true
        } else if character == "\"" {
            break
        } else {
            value.append(character)
        }
    }
    return value
}

extension Substring {
    fileprivate var trimmedLowercase: String { trimmingSpace.lowercased() }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmingSpace: SubSequence {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...last]
    }
}
