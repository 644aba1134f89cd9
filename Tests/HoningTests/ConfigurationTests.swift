import Corpus
import Foundation
import Honing
import Testing

@Suite struct ConfigurationTests {
    private func parsed(_ text: String) throws -> HonedConfiguration {
        try HonedConfiguration.parse(text, file: "honed.yaml")
    }

    // MARK: What is accepted

    @Test func `an empty file is the default configuration`() throws {
        for text in ["", "\n", "# nothing\n", "---\n", "~\n"] {
            #expect(try parsed(text) == HonedConfiguration())
        }
    }

    @Test func `three lines name a source and leave the rest at its defaults`() throws {
        let configuration = try parsed(
            """
            sources:
              - name: reviews
                url: https://example.org/reviews.jsonl
            """)

        var source = SourceSettings()
        source.name = "reviews"
        source.url = "https://example.org/reviews.jsonl"
        var expected = HonedConfiguration()
        expected.sources = [source]
        #expect(configuration == expected)
    }

    @Test func `every kind of value is read in its own notation`() throws {
        let configuration = try parsed(
            """
            data_directory: /srv/honed
            server: {port: 9_090, limits: {body: 1.5MB, queue: 64}}
            control: {mode: "0600"}
            model: {labels: [no, "yes"]}
            watching: {tolerance: 2%, false_alarm_interval: 2w, adwin_delta: 0.01}
            retraining: {enabled: false, avoidable_errors: off, every: 1d, memory_limit: 2GiB, replay_share: 0.25}
            log: {level: debug, format: json}
            """)

        #expect(configuration.dataDirectory == "/srv/honed")
        #expect(configuration.server.port == 9090)
        #expect(configuration.server.limits.bodyBytes == 1_500_000)
        #expect(configuration.server.limits.queue == 64)
        #expect(configuration.control.mode == 0o600)
        #expect(configuration.model.labels == ["no", "yes"])
        #expect(configuration.watching.tolerance == 0.02)
        #expect(configuration.watching.falseAlarmInterval == .seconds(14 * 86_400))
        #expect(!configuration.retraining.enabled)
        #expect(configuration.retraining.avoidableErrors == nil)
        #expect(configuration.retraining.threads == nil)
        #expect(configuration.retraining.every == .seconds(86_400))
        #expect(configuration.retraining.memoryLimit == 2 << 30)
        #expect(configuration.retraining.replayShare == 0.25)
        #expect(configuration.log.level == .debug)
        #expect(configuration.log.format == .json)
    }

    @Test func `a setting left empty keeps its default, off switches it off`() throws {
        #expect(try parsed("retraining: {avoidable_errors: }") == HonedConfiguration())
        #expect(try parsed("retraining: {avoidable_errors: off}").retraining.avoidableErrors == nil)
        #expect(throws: ConfigurationError.self) { try parsed("server: {port: off}") }
    }

    @Test func `a source is read in all its parts`() throws {
        let source = try #require(
            try parsed(
                """
                sources:
                  - name: audit
                    url: https://labels.example.org/rows?set=audit
                    kind: user_correction
                    format: csv
                    columns: {text: body, label: stars, time: created_at, id: key, pair: context}
                    labels: {"1": negative, "5": positive}
                    cursor: {kind: since, parameter: after}
                    credentials: {kind: basic, user: hone, file: /etc/honed/password}
                    headers: {Accept: "text/csv, */*"}
                    interval: 5m
                    timeouts: {connect: 3s, total: 1m, stall: 10s}
                    limits: {page: 5MB, row: 10KB, redirects: 0}
                    retries: 0
                    ca_file: /etc/honed/ca.pem
                """
            ).sources.first)

        #expect(source.kind == .userCorrection)
        #expect(source.format == .csv)
        #expect(source.columns.time == "created_at")
        #expect(source.labels == ["1": "negative", "5": "positive"])
        #expect(source.cursor.kind == .since)
        #expect(source.cursor.parameter == "after")
        #expect(source.credentials.kind == .basic)
        #expect(source.headers == ["Accept": "text/csv, */*"])
        #expect(source.interval == .seconds(300))
        #expect(source.timeouts.total == .seconds(60))
        #expect(source.limits.pageBytes == 5_000_000)
        #expect(source.retries == 0)
        #expect(source.caFile == "/etc/honed/ca.pem")
    }

    // MARK: The example

    private static let example = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Deploy/honed.yaml").standardizedFileURL

    @Test func `the commented example says what the defaults are`() throws {
        let text = try String(contentsOf: Self.example, encoding: .utf8)

        #expect(try parsed(text) == HonedConfiguration())
    }

    @Test func `the commented example names every setting with its default`() throws {
        let text = try String(contentsOf: Self.example, encoding: .utf8)
        // Entries of lists are commented out as a whole; uncommented they must say the defaults too.
        let uncommented = ["sources", "webhooks", "commands"].reduce(text) {
            $0.replacing("\($1): []", with: "\($1):")
        }.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasPrefix("#  ") ? String($0.dropFirst()) : String($0)
        }.joined(separator: "\n")
        let configuration = try parsed(uncommented)

        var source = SourceSettings()
        source.name = "reviews"
        source.url = "https://example.org/reviews.jsonl"
        #expect(configuration.sources == [source])
        var webhook = AlertSettings.Webhook()
        webhook.name = "operators"
        webhook.url = "https://example.org/hooks/hone"
        #expect(configuration.alerts.webhooks == [webhook])
        var command = AlertSettings.Command()
        command.name = "pager"
        command.command = ["/usr/local/bin/page", "--team", "ml"]
        #expect(configuration.alerts.commands == [command])
        for key in configuration.keys {
            #expect(
                uncommented.contains("\(key.split(separator: ".").last!):"), "\(key) is not in the example")
        }
    }

    // MARK: Reloading

    @Test func `a reload tells key by key what changed and what waits for a restart`() throws {
        let old = try parsed(
            "sources: [{name: a, url: 'file:///a.jsonl'}, {name: b, url: 'file:///b.jsonl'}]")
        let new = try parsed(
            """
            server: {port: 9000}
            watching: {window: 1000}
            sources: [{name: a, url: 'file:///a.jsonl', interval: 10s}]
            """)

        let changes = new.changes(from: old)

        #expect(old.changes(from: old).isEmpty)
        #expect(
            changes.first { $0.key == "server.port" }?.sentence
                == "server.port: 8080 → 9000 (after a restart)")
        #expect(changes.first { $0.key == "watching.window" }?.sentence == "watching.window: 500 → 1000")
        #expect(changes.first { $0.key == "sources.a.interval" }?.sentence == "sources.a.interval: 1m → 10s")
        #expect(changes.first { $0.key == "sources.b.url" }?.sentence == "sources.b.url: removed")
        #expect(changes.filter(\.needsRestart).map(\.key) == ["server.port"])
    }

    @Test func `what a reload puts in force leaves out what needs a restart`() throws {
        let running = HonedConfiguration()
        let new = try parsed("server: {port: 9000}\nretraining: {enabled: false}\nlog: {level: error}")

        let effective = new.reloadable(over: running)

        #expect(effective.server == running.server)
        #expect(effective.log == running.log)
        #expect(!effective.retraining.enabled)
        #expect(effective.changes(from: running).allSatisfy { !$0.needsRestart })
    }

    @Test func `a changed setting survives being written and read again`() throws {
        var changed = HonedConfiguration()
        changed.retraining.every = .milliseconds(90_500 * 1_000)
        changed.server.limits.bodyBytes = 1_048_576
        changed.watching.tolerance = 0.015

        let values = Dictionary(
            uniqueKeysWithValues: changed.changes(from: .init()).map { ($0.key, $0.new ?? "") })

        #expect(
            values == [
                "retraining.every": "90500s", "server.limits.body": "1MiB", "watching.tolerance": "1.5%",
            ])
        let text = "retraining: {every: 90500s}\nserver: {limits: {body: 1MiB}}\nwatching: {tolerance: 1.5%}"
        #expect(try parsed(text) == changed)
    }
}
