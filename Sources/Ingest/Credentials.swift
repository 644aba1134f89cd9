import FoundationEssentials

/// How Hone shows a source who it is. Secrets lie in files that are read anew for each fetch, so a
/// rotated secret needs no restart.
public enum Credentials: Sendable, Equatable {
    case none
    /// `Authorization: Bearer <the file's content>` (RFC 6750).
    case bearer(tokenFile: String)
    /// `Authorization: Basic …` (RFC 7617).
    case basic(user: String, passwordFile: String)
    /// A header of the source's own, such as `X-Api-Key`.
    case header(name: String, valueFile: String)

    /// The header that carries the secret.
    ///
    /// - Parameter warn: is told what is wrong with a file that can be read all the same.
    func field(warn: (String) -> Void) throws(IngestError) -> HeaderField? {
        switch self {
        case .none:
            return nil
        case .bearer(let path):
            return HeaderField("Authorization", "Bearer " + (try Secret(file: path, warn: warn)).value)
        case .basic(let user, let path):
            let password = try Secret(file: path, warn: warn)
            guard !user.contains(":") else {
                throw .invalidRequest(why: "the user name of basic credentials holds a colon")
            }
            let pair = Data("\(user):\(password.value)".utf8)
            return HeaderField("Authorization", "Basic " + pair.base64EncodedString())
        case .header(let name, let path):
            return HeaderField(name, try Secret(file: path, warn: warn).value)
        }
    }
}

/// The content of a secret file. It does not print.
struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let value: String

    var description: String { "‹secret›" }
    var debugDescription: String { description }

    /// Reads the secret without the line end that editors leave behind it.
    init(file path: String, warn: (String) -> Void) throws(IngestError) {
        guard let facts = FileFacts(path) else {
            throw .secretUnusable(path: path, why: "it does not exist, or its folder is closed to this user")
        }
        guard facts.isRegular else { throw .secretUnusable(path: path, why: "it is not a regular file") }
        guard facts.size <= 65_536 else { throw .secretUnusable(path: path, why: "it is larger than 64 KiB") }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .secretUnusable(path: path, why: "this user may not read it")
        }
        var bytes = data[...]
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard !bytes.isEmpty else { throw .secretUnusable(path: path, why: "it is empty") }
        guard let text = String(validating: bytes, as: UTF8.self), HeaderField.isValue(text) else {
            throw .secretUnusable(path: path, why: "it holds line breaks or bytes that no header may carry")
        }
        if facts.permissions & 0o027 != 0 {
            warn(
                "the secret file \(path) has mode \(String(facts.permissions, radix: 8)), so more people than need "
                    + "to may read or change it: run `chmod 0640 \(path)` or stricter")
        }
        value = text
    }
}
