import Corpus
import Honing
import Ingest
import Testing

/// From the words of the configuration to what `Ingest` fetches.
@Suite struct ConfigurationTestsSource {
    private func source(_ settings: String) throws -> Source {
        let text = "sources:\n  - name: a\n    url: https://example.org/a\n" + settings
        return Source(try #require(try HonedConfiguration.parse(text, file: "honed.yaml").sources.first))
    }

    @Test func `a source without settings is a source with Ingest's defaults`() throws {
        var expected = Source(
            name: "a", url: "https://example.org/a", format: .jsonLines, columns: ColumnMapping())
        // A page of a hundred thousand rows and rows of a megabyte are enough for a daemon.
        expected.limits.rows = RowLimits(maximumRowBytes: 1_000_000, maximumRows: 100_000)

        #expect(try source("") == expected)
    }

    @Test(arguments: [
        (
            "{kind: page, parameter: page, header: X-Next}",
            CursorKind.page(parameter: "page", header: "X-Next")
        ),
        ("{kind: byte_offset}", .byteOffset), ("{kind: none}", .none),
    ])
    func `each cursor keeps its kind`(_ text: String, _ cursor: CursorKind) throws {
        #expect(try source("    cursor: \(text)\n").cursor == cursor)
    }

    @Test(arguments: [
        ("{kind: bearer, file: /t}", Credentials.bearer(tokenFile: "/t")),
        ("{kind: basic, file: /p, user: u}", .basic(user: "u", passwordFile: "/p")),
        ("{kind: header, file: /v, header: X-Api-Key}", .header(name: "X-Api-Key", valueFile: "/v")),
    ])
    func `each kind of credentials names its file`(_ text: String, _ credentials: Credentials) throws {
        #expect(try source("    credentials: \(text)\n").credentials == credentials)
    }

    @Test func `columns, labels, times and limits arrive where they belong`() throws {
        let source = try source(
            """
                format: csv
                columns: {text: body, label: stars, time: at}
                labels: {"1": negative}
                cursor: {kind: since, parameter: after}
                interval: 5m
                timeouts: {connect: 1s, total: 20s, stall: 3s}
                limits: {page: 5MB, wire: 1MB, row: 2KB, rows_per_page: 7, redirects: 0}
                retries: 1
                ca_file: /ca.pem
            """)

        #expect(source.format == .csv)
        #expect(
            source.columns
                == ColumnMapping(text: "body", label: "stars", time: "at", labelNames: ["1": "negative"]))
        #expect(source.cursor == .since(parameter: "after"))
        #expect([source.interval, source.connectTimeout] == [.seconds(300), .seconds(1)])
        #expect([source.totalTimeout, source.stallTimeout] == [.seconds(20), .seconds(3)])
        #expect(source.limits.maximumBytes == 5_000_000)
        #expect(source.limits.maximumWireBytes == 1_000_000)
        #expect(source.limits.rows.maximumRowBytes == 2_000)
        #expect(source.limits.rows.maximumRows == 7)
        #expect(source.limits.maximumRedirects == 0)
        #expect(source.retries == 1)
        #expect(source.caFile == "/ca.pem")
    }
}
