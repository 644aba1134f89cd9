import FoundationEssentials
import HTTPTypes
import Honing
import Hummingbird

/// What `hone` asks of the daemon. Served on the Unix socket alone: nothing here can be reached
/// over TCP, and who may open the socket is the file system's decision.
struct ControlRoutes {
    let loop: Loop

    private static let bodyBytes = 64 * 1024

    func add(to router: Router<HoneContext>) {
        router.get("status") { _, _ in try Response.json(try await loop.status()) }
        router.get("report") { request, _ in
            let query = request.uri.queryParameters
            return try Response.json(
                try await loop.report(since: Self.date(query["since"]), until: Self.date(query["until"])))
        }
        router.get("versions") { _, _ in try Response.json(try await loop.versions()) }
        router.get("runs/:id") { _, context in
            let written = context.parameters.get("id") ?? ""
            guard let id = Int64(written), let run = try await loop.run(id) else {
                throw ControlError.noSuchRun(written)
            }
            return try Response.json(run)
        }
        router.post("retrain") { request, _ in
            let order: RetrainOrder = try await request.json(upTo: Self.bodyBytes)
            return try Response.json(["run": try await loop.retrain(order)], status: .accepted)
        }
        router.post("rollback") { request, _ in
            let order: PromotionOrder = try await request.json(upTo: Self.bodyBytes)
            return try Response.json(try await loop.rollback(order))
        }
        router.post("promote") { request, _ in
            let order: PromotionOrder = try await request.json(upTo: Self.bodyBytes)
            return try Response.json(try await loop.promote(order))
        }
        router.post("import") { request, _ in
            let order: ImportOrder = try await request.json(upTo: Self.bodyBytes)
            return try Response.json(try await loop.importModel(order))
        }
        router.post("fetch") { request, _ in
            let order: FetchOrder = try await request.json(upTo: Self.bodyBytes)
            return try Response.json(try await loop.fetch(order.source))
        }
    }

    private static func date(_ text: Substring?) throws -> Date? {
        guard let text else { return nil }
        guard let date = try? Date(String(text), strategy: .iso8601) else {
            throw ErrorResponse.validation("\"\(text)\" is not a time such as 2026-11-23T10:00:00Z")
        }
        return date
    }
}
