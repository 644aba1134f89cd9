import Corpus

extension SourceSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("name", \.name, .name("reviews"), isRequired: true),
            Field(
                "url", \.url,
                .address(
                    ["http", "https", "file"], example: "https://example.org/labels.jsonl",
                    secrets: "put the secret into a file and name it under credentials"),
                isRequired: true),
            Field("kind", \.kind, .choice),
            Field("format", \.format, .choice),
            Field("columns", section: \.columns),
            Field("labels", \.labels, .table("\"0\": negative, \"1\": positive")),
            Field("cursor", section: \.cursor),
            Field("credentials", section: \.credentials),
            Field("headers", \.headers, .headers),
            Field("interval", \.interval, .duration(.seconds(1) ... .seconds(30 * 86_400))),
            Field("timeouts", section: \.timeouts),
            Field("limits", section: \.limits),
            Field("retries", \.retries, .integer(0...20, example: 4)),
            Field("ca_file", optional: \.caFile, .path("/etc/honed/ca.pem")),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if cursor.kind == .since, columns.time == nil {
            report(
                "cursor", "is kind: since, but no column holds the time",
                "name it under columns, as in time: created_at")
        }
        if url.hasPrefix("file:"), cursor.kind == .page || cursor.kind == .since {
            report(
                "cursor", "is kind: \(cursor.kind.rawValue), which a file cannot answer",
                "use byte_offset or none")
        }
        if url.hasPrefix("http:"), credentials.kind != .none, !isLoopback(url) {
            report(
                "credentials", "would travel unencrypted to \(url)", "use https, or a server on this machine")
        }
        if timeouts.stall > timeouts.total {
            report("timeouts.stall", "is longer than timeouts.total", "make it shorter")
        }
        if limits.rowBytes > limits.pageBytes {
            report("limits.row", "is larger than limits.page", "make it smaller")
        }
    }
}

extension SourceSettings.Columns: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("text", \.text, .text("text")),
            Field("label", \.label, .text("label")),
            Field("pair", optional: \.pair, .text("hypothesis")),
            Field("time", optional: \.time, .text("created_at")),
            Field("id", optional: \.id, .text("id")),
            Field("keep", optional: \.keep, .texts("country, product")),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        let named =
            [("text", text), ("label", label)]
            + [("pair", pair)].compactMap { key, name in name.map { (key, $0) } }
        for (index, column) in named.enumerated() where named[..<index].contains(where: { $0.1 == column.1 })
        {
            report(column.0, "is \"\(column.1)\", which already holds something else", "name another column")
        }
    }
}

extension SourceSettings.Cursor: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("kind", \.kind, .choice),
            Field("parameter", \.parameter, .name("cursor")),
            Field("header", \.header, .name("X-Next-Cursor")),
        ]
    }
}

extension SourceSettings.Timeouts: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("connect", \.connect, .duration(.seconds(1) ... .seconds(300))),
            Field("total", \.total, .duration(.seconds(1) ... .seconds(86_400))),
            Field("stall", \.stall, .duration(.seconds(1) ... .seconds(3_600))),
        ]
    }
}

extension SourceSettings.Limits: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("page", \.pageBytes, .bytes(1_000...10_000_000_000)),
            Field("wire", \.wireBytes, .bytes(1_000...10_000_000_000)),
            Field("row", \.rowBytes, .bytes(100...100_000_000)),
            Field("rows_per_page", \.rowsPerPage, .integer(1...10_000_000, example: 100_000)),
            Field("redirects", \.redirects, .integer(0...20, example: 5)),
            Field("pages_per_round", \.pagesPerRound, .integer(1...1_000_000, example: 100)),
        ]
    }
}

/// Whether an address is on this very machine.
private func isLoopback(_ url: String) -> Bool {
    guard let start = url.firstRange(of: "://")?.upperBound else { return false }
    let authority = url[start...].prefix { !"/?#".contains($0) }
    if authority.hasPrefix("[::1]") { return true }
    let host = authority.prefix { $0 != ":" }
    return host == "localhost" || host.hasPrefix("127.")
}
