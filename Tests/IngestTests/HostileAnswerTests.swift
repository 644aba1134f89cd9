import Corpus
import Foundation
import Ingest
import TestSupport
import Testing

/// What a server may do to us. Each ends in its own sentence, and since `fetch` throws, nothing of
/// the page is delivered and the stored state stays where it is.
@Suite struct HostileAnswerTests {
    let client = ImpatientFetcher()

    // MARK: Time

    @Test func `a server that never answers`() async throws {
        let server = try HostileServer { $0.hang() }

        let error = try await client.failure(source(server.url()) { $0.totalTimeout = .milliseconds(200) })

        #expect(error == .timedOut(url: server.url(), phase: .total, after: .milliseconds(200)))
        #expect("\(error)".contains("did not send its page within 0.2 s"))
    }

    @Test func `a server that stops in the middle`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: 1000"])
            exchange.send(twoRows)
            exchange.hang()
        }

        let error = try await client.failure(source(server.url()) { $0.stallTimeout = .seconds(1) })

        #expect(error == .timedOut(url: server.url(), phase: .stalled, after: .seconds(1)))
    }

    @Test func `a server that drips`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: 1000000"])
            while exchange.send("x"), exchange.rest(milliseconds: 10) {}
        }

        let error = try await client.failure(
            source(server.url()) {
                $0.totalTimeout = .milliseconds(400)
                $0.stallTimeout = .seconds(10)
            })

        #expect(error == .timedOut(url: server.url(), phase: .total, after: .milliseconds(400)))
    }

    @Test func `a head that never ends`() async throws {
        let server = try HostileServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nX-Half: a")
            exchange.hang()
        }

        let error = try await client.failure(source(server.url()) { $0.totalTimeout = .milliseconds(200) })

        #expect(error == .timedOut(url: server.url(), phase: .total, after: .milliseconds(200)))
    }

    // MARK: Size

    @Test func `a flood of headers`() async throws {
        let server = try HostileServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\n")
            let line = "X-Flood: " + String(repeating: "a", count: 1_000) + "\r\n"
            while exchange.send(line) {}
        }

        let error = try await client.failure(source(server.url()))

        #expect(error == .tooLarge(url: server.url(), part: .head, limit: 262_144))
    }

    @Test func `a flood of interim answers`() async throws {
        let server = try HostileServer { exchange in
            while exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") {}
        }

        let error = try await client.failure(source(server.url()))

        #expect(error == .tooLarge(url: server.url(), part: .head, limit: 262_144))
    }

    @Test func `a header line without an end`() async throws {
        let server = try HostileServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nX-Long: ")
            while exchange.send(String(repeating: "a", count: 10_000)) {}
        }

        await #expect(throws: IngestError.self) { try await client.fetch(source(server.url())) }
    }

    @Test func `a gzip bomb`() async throws {
        let bomb = Array(try fixture("bomb.gz"))
        let server = try HostileServer { $0.answer("200 OK", ["Content-Encoding: gzip"], bomb) }

        let error = try await client.failure(source(server.url()) { $0.limits.maximumBytes = 1_000_000 })

        #expect(bomb.count < 20_000)
        #expect(error == .tooLarge(url: server.url(), part: .body, limit: 1_000_000))
        #expect("\(error)".contains("more than 1000000 bytes unpacked"))
    }

    @Test func `codings upon codings`() async throws {
        let codings = Array(repeating: "gzip", count: 50).joined(separator: ", ")
        let server = try HostileServer { $0.answer("200 OK", ["Content-Encoding: \(codings)"], twoRows) }

        guard case .undecodable = try await client.failure(source(server.url())) else {
            Issue.record("fifty codings were accepted")
            return
        }
    }

    @Test func `a body that announces too much`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: 99999999999"])
            exchange.hang()
        }

        let error = try await client.failure(source(server.url()))

        #expect(error == .tooLarge(url: server.url(), part: .wire, limit: 50_000_000))
    }

    @Test func `a body that ends never`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Connection: close"])
            while exchange.send(Array(repeating: UInt8(ascii: "\n"), count: 65_536)) {}
        }

        let wire = try await client.failure(source(server.url()) { $0.limits.maximumWireBytes = 3_000_000 })
        let body = try await client.failure(source(server.url()) { $0.limits.maximumBytes = 3_000_000 })

        #expect(wire == .tooLarge(url: server.url(), part: .wire, limit: 3_000_000))
        #expect(body == .tooLarge(url: server.url(), part: .body, limit: 3_000_000))
    }

    @Test func `a short body over the wire limit`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Connection: close"])
            exchange.send(twoRows)
        }

        let error = try await client.failure(source(server.url()) { $0.limits.maximumWireBytes = 10 })

        #expect(error == .tooLarge(url: server.url(), part: .wire, limit: 10))
    }

    @Test func `too many rows`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], String(repeating: twoRows, count: 6)) }

        let error = try await client.failure(source(server.url()) { $0.limits.rows.maximumRows = 11 })
        let page = try await client.fetch(source(server.url()) { $0.limits.rows.maximumRows = 12 })

        #expect(error == .tooLarge(url: server.url(), part: .rows, limit: 11))
        #expect(page.examples.count == 12)
    }

    @Test func `a line of a hundred megabytes costs one row and no memory`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Transfer-Encoding: chunked"])
            exchange.send("A\r\n{\"text\": \"\r\n")
            let chunk =
                Array("100000\r\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20) + [13, 10]
            for _ in 0..<100 { guard exchange.send(chunk) else { return } }
            exchange.send("1\r\n\n\r\n")
            exchange.send(String(twoRows.utf8.count, radix: 16) + "\r\n" + twoRows + "\r\n0\r\n\r\n")
        }

        let page = try await client.fetch(
            source(server.url()) {
                $0.limits.maximumBytes = 200_000_000
                $0.limits.maximumWireBytes = 200_000_000
                $0.limits.rows.maximumRowBytes = 10_000
            })

        #expect(page.examples.count == 2)
        #expect(page.rejected.map(\.reason) == ["the row is longer than 10000 bytes"])
        #expect(page.rejected.allSatisfy { $0.excerpt.count <= 200 })
        #expect(page.bytes > 100_000_000)
    }

    // MARK: Cuts

    @Test func `fewer bytes than announced`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: 1000"])
            exchange.send(twoRows)
        }

        guard case .truncated(let url, _) = try await client.failure(source(server.url())) else {
            Issue.record("a short page was accepted")
            return
        }
        #expect(url == server.url())
    }

    @Test func `a chunked body without its last chunk`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Transfer-Encoding: chunked"])
            exchange.send(String(twoRows.utf8.count, radix: 16) + "\r\n" + twoRows + "\r\n")
        }

        let error = try await client.failure(source(server.url()))

        guard case .truncated = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `a body that ends with the connection in the middle of a row`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Connection: close"])
            exchange.send(twoRows + "{\"text\": \"hal")
        }

        let error = try await client.failure(source(server.url()))

        #expect("\(error)".contains("is not whole: it ends within a row"))
    }

    @Test func `a packed body that was cut before it was sent`() async throws {
        let whole = Array(try fixture("rows.jsonl.gz"))
        let server = try HostileServer {
            $0.answer("200 OK", ["Content-Encoding: gzip"], Array(whole.dropLast(20)))
        }

        await #expect(throws: IngestError.self) { try await client.fetch(source(server.url())) }
    }

    @Test func `a packed body that is not packed`() async throws {
        let server = try HostileServer { $0.answer("200 OK", ["Content-Encoding: gzip"], twoRows) }

        guard case .undecodable = try await client.failure(source(server.url())) else {
            Issue.record("a body of another coding was accepted")
            return
        }
    }

    @Test func `a connection that breaks within the head`() async throws {
        let server = try HostileServer { $0.send("HTTP/1.1 200 OK\r\nContent-Le") }

        let error = try await client.failure(source(server.url()))

        #expect(error.isTransient)
    }

    @Test func `a connection that is reset`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: 1000"])
            exchange.send(twoRows)
            exchange.reset()
        }

        let error = try await client.failure(source(server.url()))

        #expect(error.isTransient)
    }

    @Test func `a connection that is closed without a word`() async throws {
        let server = try HostileServer { _ in }

        guard case .connectionLost = try await client.failure(source(server.url())) else {
            Issue.record("silence was accepted")
            return
        }
    }

    @Test func `a bad page leaves the state for the next fetch`() async throws {
        let server = try HostileServer { exchange in
            if exchange.number == 1 {
                exchange.head("200 OK", ["Content-Length: 1000", "X-Next-Cursor: c"])
                exchange.send(twoRows)
            } else {
                exchange.answer("200 OK", exchange.number == 0 ? ["X-Next-Cursor: b"] : [], twoRows)
            }
        }
        let source = source(server.url()) { $0.cursor = .page(parameter: "after") }

        let first = try await client.fetch(source)
        await #expect(throws: IngestError.self) { try await client.fetch(source, from: first.next) }
        let again = try await client.fetch(source, from: first.next)

        #expect(again.examples.count == 2)
        #expect(server.requests.map(\.target) == ["/rows", "/rows?after=b", "/rows?after=b"])
    }

    // MARK: Nonsense

    @Test func `a page for people`() async throws {
        let server = try HostileServer {
            $0.answer("200 OK", ["Content-Type: text/html; charset=utf-8"], "<p>Log in")
        }

        let error = try await client.failure(source(server.url()))

        #expect(
            "\(error)"
                == "\(server.url()) did not answer with rows: its Content-Type is text/html; charset=utf-8, "
                + "a page for people; it may want a login, or another address")
    }

    @Test(arguments: ["\n <!DOCTYPE html><title>Log in</title>", "<HTML><body>Not what you were looking for"])
    func `a page for people that claims to be rows`(body: String) async throws {
        let server = try HostileServer { $0.answer("200 OK", ["Content-Type: application/x-ndjson"], body) }

        #expect("\(try await client.failure(source(server.url())))".contains("it is HTML"))
    }

    @Test func `an archive`() async throws {
        let archive = Array(try fixture("rows.jsonl.gz"))
        let server = try HostileServer { $0.answer("200 OK", ["Content-Type: application/gzip"], archive) }

        #expect("\(try await client.failure(source(server.url())))".contains("it is a gzip file"))
    }

    @Test func `something that is not HTTP`() async throws {
        let server = try HostileServer { $0.send("SSH-2.0-OpenSSH_9.2p1\r\n") }

        #expect("\(try await client.failure(source(server.url())))".contains("does not speak HTTP"))
    }

    @Test func `rows of another shape`() async throws {
        let server = try HostileServer {
            $0.answer("200 OK", [], String(repeating: "{\"body\": \"a\"}\n", count: 20))
        }

        let error = try await client.failure(source(server.url()))

        #expect("\(error)".hasPrefix("none of the 20 rows from \(server.url()) can be used"))
        #expect("\(error)".contains("column \"text\""))
    }

    @Test func `nobody there`() async throws {
        guard case .unreachable = try await client.failure(source(try HostileServer.deserted())) else {
            Issue.record("a closed port answered")
            return
        }
    }
}
