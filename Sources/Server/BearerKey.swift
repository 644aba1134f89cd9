import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Why the key that clients must send cannot be used.
public struct KeyFileError: Error, CustomStringConvertible {
    let path: String
    let cause: String

    public var description: String {
        "the key in \(path) (server.api_key_file) cannot be used: \(cause): "
            + "put it there as one line that the daemon's user may read"
    }
}

/// Reads the key that clients must send: the first line of a file.
public func readKey(_ path: String) throws(KeyFileError) -> String {
    guard let bytes = FileManager.default.contents(atPath: path) else {
        throw KeyFileError(path: path, cause: "there is no such file, or this user may not read it")
    }
    let line = String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline }
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count == 1 else { throw KeyFileError(path: path, cause: "its first line is not one word") }
    return String(words[0])
}

/// Lets in only who knows the key: `Authorization: Bearer KEY`.
struct BearerKey: RouterMiddleware {
    let key: String

    func handle(
        _ request: Request, context: HoneContext,
        next: (Request, HoneContext) async throws -> Response
    ) async throws -> Response {
        let offered = request.headers[.authorization].flatMap { header in
            header.lowercased().hasPrefix("bearer ") ? String(header.dropFirst(7)) : nil
        }
        guard let offered, Self.isSame(offered, key) else {
            throw ErrorResponse(
                status: .unauthorized, kind: .unauthorized,
                message: "this server asks for its key: send the header Authorization: Bearer KEY")
        }
        return try await next(request, context)
    }

    /// Compares in a time that does not tell how much of the key was right.
    private static func isSame(_ offered: String, _ key: String) -> Bool {
        let a = Array(offered.utf8)
        let b = Array(key.utf8)
        var difference = a.count ^ b.count
        for index in a.indices { difference |= Int(a[index] ^ b[index % max(1, b.count)]) }
        return difference == 0 && !b.isEmpty
    }
}
