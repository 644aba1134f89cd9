import Foundation
import Ingest
import TestSupport
import Testing

/// The sentences are an interface: they stand in logs, reports and on terminals.
@Suite struct IngestErrorTests {
    static let url = "https://example.org/rows"

    static let all: [IngestError] = [
        .invalidURL("ftp://example.org", why: "it begins with none of http://, https:// and file://"),
        .invalidRequest(why: "the header X holds forbidden characters"),
        .secretUnusable(path: "/etc/honed/token", why: "it is empty"),
        .fileUnreadable(path: "/srv/rows.jsonl", why: "it is not a regular file"),
        .unreachable(url: url, why: "Could not resolve host: example.org"),
        .untrusted(url: url, why: "SSL certificate problem: self-signed certificate"),
        .timedOut(url: url, phase: .connecting, after: .seconds(10)),
        .timedOut(url: url, phase: .stalled, after: .seconds(30)),
        .timedOut(url: url, phase: .total, after: .milliseconds(1_500)),
        .connectionLost(url: url, why: "Empty reply from server"),
        .redirectRefused(
            url: url, target: "file:///etc/passwd", why: "a server may not point to a file of this machine"),
        .status(url: url, code: 302, retryAfter: nil),
        .status(url: url, code: 400, retryAfter: nil),
        .status(url: url, code: 401, retryAfter: nil),
        .status(url: url, code: 404, retryAfter: nil),
        .status(url: url, code: 407, retryAfter: nil),
        .status(url: url, code: 429, retryAfter: .seconds(120)),
        .status(url: url, code: 429, retryAfter: nil),
        .status(url: url, code: 503, retryAfter: nil),
        .truncated(url: url, why: "transfer closed with 925 bytes remaining to read"),
        .tooLarge(url: url, part: .head, limit: 262_144),
        .tooLarge(url: url, part: .wire, limit: 50_000_000),
        .tooLarge(url: url, part: .body, limit: 100_000_000),
        .tooLarge(url: url, part: .rows, limit: 100_000),
        .tooLarge(url: url, part: .row, limit: 100_000_000),
        .notRows(url: url, found: "it is HTML, a page for people"),
        .undecodable(url: url, why: "Unrecognized content encoding type"),
        .wrongRange(url: url, why: "bytes from 5 came for bytes from 0"),
        .missingColumn(url: url, column: "text", found: ["review", "stars"]),
        .missingColumn(
            url: url, column: "text", found: [String(repeating: "x", count: 70)] + (2...24).map { "c\($0)" }),
        .noUsableRow(url: url, count: 20, first: "the text (column \"text\") is missing or empty"),
        .gaveUp(attempts: 5, last: .connectionLost(url: url, why: "Empty reply from server")),
    ]

    @Test func `each sentence says what, where, why and what to do`() throws {
        let expected = String(decoding: try fixture("errors.txt"), as: UTF8.self)

        #expect(Self.all.map { "\($0)\n" }.joined() == expected)
    }

    @Test func `only what may pass by itself is tried again`() {
        let transient = Self.all.filter(\.isTransient)

        #expect(transient.count == 9)
        #expect(
            transient.allSatisfy {
                switch $0 {
                case .unreachable, .timedOut, .connectionLost, .truncated: true
                case .status(_, let code, _): [429, 503].contains(code)
                default: false
                }
            })
    }
}
