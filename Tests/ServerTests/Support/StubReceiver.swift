import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization

/// The server of whoever is told by webhook: at first it is out of order.
final class StubReceiver: Sendable {
    struct Message: Sendable {
        let body: String
        /// By lowercase name.
        let headers: [String: String]
        let isAccepted: Bool
    }

    private let book = Mutex<[Message]>([])
    private let refusals: Int

    /// - Parameter refusals: how many messages it answers with 503 before it takes one.
    init(refusals: Int) {
        self.refusals = refusals
    }

    var messages: [Message] { book.withLock { $0 } }
    var accepted: [Message] { messages.filter(\.isAccepted) }

    /// Serves beside `body`, which is told the address.
    func serve(_ body: @escaping @Sendable (_ url: String) async throws -> Void) async throws {
        let router = Router()
        router.post("hook") { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 1 << 20))
            let headers = Dictionary(
                request.headers.map { ($0.name.canonicalName, $0.value) },
                uniquingKeysWith: { _, last in last })
            let isAccepted = self.book.withLock { book in
                let isAccepted = book.count >= self.refusals
                book.append(Message(body: text, headers: headers, isAccepted: isAccepted))
                return isAccepted
            }
            return Response(status: isAccepted ? .noContent : .serviceUnavailable)
        }
        try await Application(router: router).test(.live) { client in
            guard let port = client.port else { throw NeverHappened(description: "the stub has no port") }
            try await body("http://localhost:\(port)/hook")
        }
    }
}
