extension Form<String> {
    /// An absolute address. Secrets in it would end up in logs and process lists.
    ///
    /// - Parameters:
    ///   - schemes: those that are accepted.
    ///   - secrets: what to do with a secret instead.
    static func address(_ schemes: [String], example: String, secrets: String) -> Form {
        let starts = schemes.map { $0 == "file" ? "file:///" : $0 + "://" }
        let list = schemes.dropLast().joined(separator: ", ") + " or " + schemes.last!
        return Form(
            expectation: "an \(list) address", example: example,
            read: { node throws(Misfit) in
                guard let text = node.text, text.utf8.count <= 4_096,
                    !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }),
                    let start = starts.first(where: text.lowercased().hasPrefix)
                else { throw .unexpected }
                let rest = text.dropFirst(start.count)
                guard !rest.isEmpty else { throw .unexpected }
                if start != "file:///", rest.prefix(while: { !"/?#".contains($0) }).contains("@") {
                    throw .because("holds a user name or password", remedy: secrets)
                }
                return text
            }, write: { $0 })
    }
}

extension Form<[String]> {
    /// A program and its arguments, as the system starts it: no shell takes them apart.
    static var command: Form {
        let example = "[/usr/local/bin/page, --team, ml]"
        return Form(
            expectation: "a list of a program and its arguments", example: example,
            read: { node throws(Misfit) in
                guard case .list(let items) = node.content, let first = items.first?.text else {
                    throw .unexpected
                }
                guard first.hasPrefix("/") else {
                    throw .because(
                        "begins with \"\(first)\", which is no absolute path",
                        remedy: "write the program's whole path, as in \(example)")
                }
                var words: [String] = []
                for item in items {
                    guard case .scalar(let word, _) = item.content, !word.contains("\0") else {
                        throw .unexpected
                    }
                    words.append(word)
                }
                return words
            }, write: { "[\($0.joined(separator: ", "))]" })
    }
}
