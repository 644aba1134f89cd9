import HTTPTypes
import Hummingbird

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
