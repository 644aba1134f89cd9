extension Form<[String]> {
    /// A list of texts, none of them twice.
    static func texts(_ example: String) -> Form {
        Form(
            expectation: "a list of texts", example: "[\(example)]",
            read: { node throws(Misfit) in
                guard case .list(let items) = node.content, !items.isEmpty else { throw .unexpected }
                var texts: [String] = []
                for item in items {
                    guard let text = item.text, !text.isEmpty else { throw .unexpected }
                    guard !texts.contains(text) else {
                        throw .because("names \"\(text)\" twice", remedy: "keep one of the two")
                    }
                    texts.append(text)
                }
                return texts
            }, write: { "[\($0.joined(separator: ", "))]" })
    }
}

extension Form<[String: String]> {
    /// A mapping from texts to texts.
    static func table(_ example: String) -> Form {
        Form(
            expectation: "a mapping from text to text", example: "{\(example)}",
            read: { node throws(Misfit) in
                guard case .mapping(let pairs) = node.content else { throw .unexpected }
                var table: [String: String] = [:]
                for (key, value) in pairs {
                    guard let name = key.text, let text = value.text else { throw .unexpected }
                    table[name] = text
                }
                return table
            },
            write: { table in
                "{" + table.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
            })
    }

    /// Request headers; those that carry secrets are not accepted.
    static var headers: Form {
        let table = Form.table("Accept-Language: en")
        return Form(
            expectation: "a mapping from header to value", example: table.example,
            read: { node throws(Misfit) in
                let headers = try table.read(node)
                for (name, value) in headers {
                    if ["authorization", "proxy-authorization", "cookie"].contains(name.lowercased()) {
                        throw .because(
                            "holds the secret header \(name)",
                            remedy: "put the secret into a file and name it under credentials")
                    }
                    let isToken = name.unicodeScalars.allSatisfy {
                        $0.isASCII && $0.value > 0x20
                            && !"()<>@,;:\\\"/[]?={}\u{7f}".unicodeScalars.contains($0)
                    }
                    guard isToken, !name.isEmpty,
                        value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
                    else {
                        throw .because(
                            "holds \"\(name)\", which is no header",
                            remedy: "write for example Accept: text/csv")
                    }
                }
                return headers
            }, write: table.write)
    }
}
