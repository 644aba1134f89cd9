/// How a source is convinced to answer. The secret itself is never in the configuration.
public struct CredentialSettings: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case none, bearer, basic, header
    }

    public var kind = Kind.none
    /// Holds the token, the password or the header's value on its first line.
    public var file: String?
    /// For `basic`.
    public var user: String?
    /// For `header`.
    public var header: String?

    public init() {}
}

extension CredentialSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("kind", \.kind, .choice),
            Field("file", optional: \.file, .path("/etc/honed/token")),
            Field("user", optional: \.user, .text("hone")),
            Field("header", optional: \.header, .name("X-Api-Key")),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if kind == .none {
            if file != nil || user != nil || header != nil {
                report(
                    "kind", "is missing, so that nothing would be sent", "write kind: bearer, basic or header"
                )
            }
            return
        }
        if file == nil {
            report("file", "is missing", "name the file that holds the secret, as in file: /etc/honed/token")
        }
        if kind == .basic, user == nil { report("user", "is missing", "write for example user: hone") }
        if kind == .header, header == nil {
            report("header", "is missing", "write for example header: X-Api-Key")
        }
    }
}
