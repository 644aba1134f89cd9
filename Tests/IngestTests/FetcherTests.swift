import Corpus
import Foundation
import Ingest
import Synchronization
import TestSupport
import Testing

@Suite struct FetcherTests {
    let client = ImpatientFetcher()

    @Test func `rows come as examples`() async throws {
        let server = try HostileServer {
            $0.answer("200 OK", ["Content-Type: application/x-ndjson"], twoRows)
        }

        let page = try await client.fetch(source(server.url()))

        #expect(page.examples.map(\.text) == ["good", "bad"])
        #expect(page.examples.map(\.label) == ["positive", "negative"])
        #expect(page.rejected == [])
        #expect(page.statusCode == 200)
        #expect(page.bytes == twoRows.utf8.count)
        #expect(!page.hasMore)
        #expect(!page.notModified)
        let request = try #require(server.requests.first)
        #expect(request.headers["user-agent"] == "honed/1.2.3")
        #expect(request.headers["accept"]?.hasPrefix("application/x-ndjson") == true)
    }

    @Test func `CSV comes as examples`() async throws {
        let server = try HostileServer {
            $0.answer("200 OK", ["Content-Type: text/csv"], "label,text\r\n1,\"so, so\"\r\n")
        }

        let page = try await client.fetch(
            source(server.url()) {
                $0.format = .csv
                $0.columns.time = nil
                $0.columns.labelNames = ["1": "positive"]
            })

        #expect(page.examples.map(\.text) == ["so, so"])
        #expect(page.examples.map(\.label) == ["positive"])
    }

    @Test func `a bad row is told and costs no other`() async throws {
        let server = try HostileServer { exchange in
            exchange.answer(
                "200 OK", [],
                Array("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"".utf8) + [0xff, 0xfe]
                    + Array("\"}\nnonsense\n{\"text\": \"b\", \"label\": \"y\"}\n".utf8))
        }

        let page = try await client.fetch(source(server.url()))

        #expect(page.examples.map(\.text) == ["a", "b"])
        #expect(page.rejected.map(\.line) == [2, 3])
    }

    @Test(arguments: ["gzip": "rows.jsonl.gz", "zstd": "rows.jsonl.zst", "br": "rows.jsonl.br"])
    func `a packed page is unpacked`(coding: String, file: String) async throws {
        let body = Array(try fixture(file))
        let server = try HostileServer { $0.answer("200 OK", ["Content-Encoding: \(coding)"], body) }

        let page = try await client.fetch(source(server.url()))

        #expect(page.examples.map(\.text) == ["row 0", "row 1", "row 2"])
        #expect(server.requests[0].headers["accept-encoding"]?.contains(coding) == true)
    }

    @Test func `a page comes in chunks of any size`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Transfer-Encoding: chunked", "Trailer: X-Next-Cursor"])
            for byte in twoRows.utf8 { exchange.send([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]) }
            exchange.send("0\r\nX-Next-Cursor: smuggled\r\n\r\n")
        }

        let page = try await client.fetch(source(server.url()) { $0.cursor = .page(parameter: "after") })

        #expect(page.examples.count == 2)
        #expect(page.next.cursor == nil)
    }

    @Test func `interim answers are passed over`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("103 Early Hints", ["Link: </x>; rel=\"next\""])
            exchange.answer("200 OK", [], twoRows)
        }

        let page = try await client.fetch(source(server.url()) { $0.cursor = .page(parameter: "after") })

        #expect(page.examples.count == 2)
        #expect(!page.hasMore)
    }

    @Test func `an unchanged page is not sent again`() async throws {
        let server = try HostileServer { exchange in
            if exchange.request.headers["if-none-match"] == "\"v1\"" {
                exchange.head("304 Not Modified", ["ETag: \"v1\""])
            } else {
                exchange.answer(
                    "200 OK", ["ETag: \"v1\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"], twoRows)
            }
        }

        let first = try await client.fetch(source(server.url()))
        let second = try await client.fetch(source(server.url()), from: first.next)

        #expect(first.next == SourceState(etag: "\"v1\"", lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(second.notModified)
        #expect(second.next == first.next)
        #expect(second.examples.isEmpty)
        #expect(second.statusCode == 304)
        #expect(server.requests[1].headers["if-modified-since"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test func `a page that changed in this very second may change again unseen`() async throws {
        let moment = "Sun, 06 Nov 1994 08:49:37 GMT"
        let server = try HostileServer {
            $0.answer("200 OK", ["Date: \(moment)", "Last-Modified: \(moment)"], twoRows)
        }

        let page = try await client.fetch(source(server.url()))

        #expect(page.next.lastModified == nil)
    }

    @Test func `an unasked 304 is an error`() async throws {
        let server = try HostileServer { $0.head("304 Not Modified", []) }

        #expect(
            try await client.failure(source(server.url()))
                == .status(url: server.url(), code: 304, retryAfter: nil))
    }

    @Test func `no content is a page without rows`() async throws {
        let server = try HostileServer { $0.head("204 No Content", ["Connection: close"]) }

        let page = try await client.fetch(source(server.url()))

        #expect(page.examples.isEmpty)
        #expect(!page.hasMore)
    }

    @Test func `the source's own headers go before ours`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }

        _ = try await client.fetch(
            source(server.url()) { $0.headers = ["accept": "text/plain", "X-Tenant": "7", "X-Empty": ""] })

        let headers = server.requests[0].headers
        #expect(headers["accept"] == "text/plain")
        #expect(headers["x-tenant"] == "7")
        #expect(headers["x-empty"] == "")
    }

    @Test func `many transfers run side by side`() async throws {
        let arrived = Mutex(0)
        let server = try HostileServer { exchange in
            // Nobody is answered before all have asked: one after the other they would never end.
            arrived.withLock { $0 += 1 }
            while arrived.withLock({ $0 }) < 20, exchange.rest(milliseconds: 5) {}
            exchange.answer("200 OK", [], twoRows)
        }

        let rows = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<20 {
                group.addTask { [client] in
                    try await client.fetch(source(server.url("/\(index)"))).examples.count
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(rows == 40)
    }
}
