import Corpus
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization

/// A source of labelled rows on loopback: page after page, each of which names the next in a header.
/// A page is made when it is first asked for, by the meaning that words have then.
final class StubSource: Sendable {
    /// One text and what it means.
    struct Row: Sendable, Encodable {
        var text: String
        var label: String
    }

    private struct Book: Sendable {
        var pages: [Int: String] = [:]
        var make: @Sendable (Int) -> [Row]
    }

    private let book: Mutex<Book>

    /// - Parameter page: the rows of a page by its number, counted from 0.
    init(page make: @escaping @Sendable (Int) -> [Row]) {
        book = Mutex(Book(make: make))
    }

    /// Lets pages that nobody has asked for yet be made otherwise.
    func turn(_ make: @escaping @Sendable (Int) -> [Row]) {
        book.withLock { $0.make = make }
    }

    /// How many pages were handed out.
    var pages: Int { book.withLock { $0.pages.count } }

    /// Serves beside `body`, which is told the address.
    func serve(_ body: @escaping @Sendable (_ url: String) async throws -> Void) async throws {
        let router = Router()
        router.get("rows") { request, _ in
            let number = request.uri.queryParameters["cursor"].flatMap { Int($0) } ?? 0
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/x-ndjson", HTTPField.Name("X-Next-Cursor")!: "\(number + 1)",
                ],
                body: .init(byteBuffer: ByteBuffer(string: try self.page(number))))
        }
        try await Application(router: router).test(.live) { client in
            guard let port = client.port else { throw NeverHappened(description: "the stub has no port") }
            try await body("http://localhost:\(port)/rows")
        }
    }

    private func page(_ number: Int) throws -> String {
        try book.withLock { book in
            if let page = book.pages[number] { return page }
            let lines = try book.make(number).map {
                String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
            }
            let page = lines.map { $0 + "\n" }.joined()
            book.pages[number] = page
            return page
        }
    }
}
