import FoundationEssentials

/// An http, https or file address whose parts two parsers agree on.
///
/// libcurl connects by its own reading of an address, and secrets are sent by ours. So whatever
/// might be read in two ways is refused: user names, backslashes, spaces, control characters and
/// letters outside ASCII.
package struct Address: Sendable, Equatable {
    package enum Scheme: String, Sendable {
        case http, https, file
    }

    package let url: String
    package let scheme: Scheme
    package let host: String
    package let port: Int
    /// For a person to read: without query and fragment, where secrets hide.
    package let printable: String

    package init(_ text: String) throws(IngestError) {
        let plain = String(text.prefix { $0 != "#" })
        let shown = String(plain.prefix { $0 != "?" }.prefix(500))
        func refused(_ why: String) -> IngestError { .invalidURL(shown.readable, why: why) }
        guard plain.utf8.count <= 8_192 else { throw refused("it is longer than 8 KiB") }
        guard plain.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
            throw refused("it holds characters that must be percent-encoded")
        }
        guard let split = plain.firstRange(of: "://"),
            let scheme = Scheme(rawValue: plain[..<split.lowerBound].lowercased())
        else { throw refused("it begins with none of http://, https:// and file://") }
        let authority = plain[split.upperBound...].prefix { !"/?".contains($0) }
        guard !authority.contains("@") else {
            // What stands before the @ may be a password, so the address itself is not repeated.
            throw .invalidURL(
                "\(scheme)://…",
                why:
                    "it holds a user name or password; put the secret into a file and name it under credentials"
            )
        }
        guard let parts = URLComponents(string: plain) else { throw refused("it is not a URL") }
        let host = (parts.host ?? "").lowercased()
        if scheme == .file {
            guard host.isEmpty || host == "localhost" else {
                throw refused("a file must lie on this machine")
            }
        } else {
            guard !host.isEmpty else { throw refused("it names no host") }
        }
        url = plain
        printable = shown
        self.scheme = scheme
        self.host = host
        port = parts.port ?? (scheme == .https ? 443 : 80)
    }

    /// Same scheme, host and port (RFC 6454): as far as a secret may travel.
    package func hasSameOrigin(as other: Address) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Whether it lies on this machine, where no proxy has any business.
    package var isLoopback: Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    }

    /// The address with one more query parameter.
    package func adding(_ parameter: String, _ value: String) throws(IngestError) -> Address {
        let joint = url.contains("?") ? (url.hasSuffix("?") || url.hasSuffix("&") ? "" : "&") : "?"
        return try Address(url + joint + Self.encoded(parameter) + "=" + Self.encoded(value))
    }

    /// Another address as it stands in an answer from this one: absolute or relative.
    package func resolving(_ reference: String) throws(IngestError) -> Address {
        guard reference.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }),
            let base = URL(string: url),
            let target = URL(string: reference, relativeTo: base)
        else {
            throw .invalidURL(
                String(reference.prefix { $0 != "?" }.filter(\.isASCII).prefix(500)), why: "it is not a URL")
        }
        return try Address(target.absoluteString)
    }

    /// The path of a file address.
    package var filePath: String { URL(string: url)?.path(percentEncoded: false) ?? "" }

    /// All but RFC 3986's unreserved characters as percent escapes.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
