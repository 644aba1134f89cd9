import Foundation
import Honing
import TestSupport
import Testing

/// The sentences with which a configuration is refused: they are the interface.
@Suite struct ConfigurationTestsRefusals {
    private func problems(_ text: String) -> String {
        do {
            _ = try HonedConfiguration.parse(text, file: "honed.yaml")
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test func `all problems of a file are told at once, in its order, each with place and remedy`() throws {
        let text = String(decoding: try fixture("wrong.yaml"), as: UTF8.self)

        try expectSnapshot(problems(text) + "\n", "wrong.txt")
    }

    @Test(arguments: [
        ("- a\n- b", "honed.yaml:1: the file does not hold settings: write each setting as key: value"),
        ("just words", "honed.yaml:1: the file does not hold settings: write each setting as key: value"),
        (
            "server:\n  port: 1\n  port: 2",
            "honed.yaml:2:3: \"port\" is written twice: keep one of the two"
        ),
        (
            "server: {port: &p 80}",
            "honed.yaml:1: YAML anchors (&name) and aliases (*name) are not accepted: write the value out where it belongs"
        ),
        (
            "a: *b",
            "honed.yaml:1: YAML anchors (&name) and aliases (*name) are not accepted: write the value out where it belongs"
        ),
        ("? [a]\n: b", "honed.yaml:1:3: a list stands where a key belongs: write key: value"),
    ])
    func `what is not a configuration at all is refused with a sentence`(_ text: String, _ sentence: String) {
        #expect(problems(text) == sentence)
    }

    /// One source, so that settings of its own can follow.
    private static let source = "sources:\n  - name: a\n    url: "

    @Test(arguments: [
        (
            "https://h/x\n    cursor: {kind: since}",
            "honed.yaml:4:13: sources[0].cursor is kind: since, but no column holds the time: "
                + "name it under columns, as in time: created_at"
        ),
        (
            "file:///x\n    cursor: {kind: page}",
            "honed.yaml:4:13: sources[0].cursor is kind: page, which a file cannot answer: use byte_offset or none"
        ),
        (
            "http://example.org/x\n    credentials: {kind: bearer, file: /t}",
            "honed.yaml:4:18: sources[0].credentials would travel unencrypted to http://example.org/x: "
                + "use https, or a server on this machine"
        ),
        ("http://127.0.0.1:8000/x\n    credentials: {kind: bearer, file: /t}", "accepted"),
        (
            "https://h/x\n    credentials: {file: /t}",
            "honed.yaml:4:18: sources[0].credentials.kind is missing, so that nothing would be sent: "
                + "write kind: bearer, basic or header"
        ),
        (
            "https://h/x\n    columns: {text: a, label: a}",
            "honed.yaml:4:31: sources[0].columns.label is \"a\", which already holds something else: name another column"
        ),
        (
            "https://h/x\n    headers: {\"X Y\": b}",
            "honed.yaml:4:14: sources[0].headers holds \"X Y\", which is no header: write for example Accept: text/csv"
        ),
        (
            "https://h/x\n    timeouts: {total: 10s, stall: 20s}",
            "honed.yaml:4:35: sources[0].timeouts.stall is longer than timeouts.total: make it shorter"
        ),
        (
            "https://h/x\n  - name: a\n    url: https://h/y",
            "honed.yaml:4:5: sources[1] is called \"a\" like another one: "
                + "give each a name of its own: its cursor is kept under it"
        ),
        (
            "https://h/x\n    labels: {p: positve}\nmodel: {labels: [positive, negative]}",
            "honed.yaml:4:13: sources[0].labels maps to \"positve\", which is not among model.labels: "
                + "did you mean \"positive\"?"
        ),
    ])
    func `settings that do not fit each other are told`(_ rest: String, _ sentence: String) {
        #expect(problems(Self.source + rest) == sentence)
    }

    @Test(arguments: [
        (
            "  webhooks:\n    - name: a\n      url: ftp://h/x",
            "4:12: alerts.webhooks[0].url is \"ftp://h/x\", not an http or https address: "
                + "write for example url: https://example.org/hooks/hone"
        ),
        (
            "  webhooks:\n    - name: a\n      url: https://me:secret@h/x",
            "4:12: alerts.webhooks[0].url holds a user name or password: "
                + "sign instead: put a key into a file and name it under secret_file"
        ),
        (
            "  commands:\n    - name: a\n      command: [page]",
            "4:16: alerts.commands[0].command begins with \"page\", which is no absolute path: "
                + "write the program's whole path, as in [/usr/local/bin/page, --team, ml]"
        ),
        (
            "  commands:\n    - name: a\n      command: [/p]\n      events: [driftalarm]",
            "5:15: alerts.commands[0].events names \"driftalarm\", which is none of drift_alarm, promotion, "
                + "refusal, rollback, source_failing: did you mean drift_alarm?"
        ),
        (
            "  commands:\n    - name: a\n      command: [/p]\n  webhooks: [{name: a, url: 'https://h/x'}]",
            "3:13: alerts.commands[0].name is \"a\", as a webhook is called: "
                + "give each a name of its own: what it was told is kept under it"
        ),
        (
            "  webhooks:\n    - name: a\n      url: https://h/x\n    - name: a\n      url: https://h/y",
            "5:7: alerts.webhooks[1] is called \"a\" like another one: "
                + "give each a name of its own: what it was told is kept under it"
        ),
    ])
    func `who cannot be told is refused with place and remedy`(_ rest: String, _ sentence: String) {
        #expect(problems("alerts:\n" + rest) == "honed.yaml:" + sentence)
    }

    @Test func `a socket path that no socket can have is refused`() {
        let told = problems("control: {socket: /\(String(repeating: "x", count: 200))}")

        #expect(told.contains("control.socket has 201 bytes, more than the 107 of a socket path"))
    }

    @Test func `broken YAML is told with its line`() {
        let told = problems("server:\n  port: [1, 2\nlog: {}\n")

        #expect(told.hasPrefix("honed.yaml:3:"))
        #expect(told.contains("this is not YAML"))
        #expect(told.contains("check the indentation"))
    }

    @Test func `a billion laughs are not laughed`() {
        let lines = (1...9).map { level in
            "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
                + "]"
        }
        let bomb = "a0: &a0 [x]\n" + lines.joined(separator: "\n")

        #expect(problems(bomb).contains("anchors"))
        // Also where quotes try to hide them from whoever only looks at lines.
        #expect(problems("a: \"x\n  # y\", \nb: &c 1").hasPrefix("honed.yaml:"))
    }

    @Test func `deep nesting and huge files are refused before the parser recurses`() {
        let brackets = String(repeating: "[", count: 100_000)
        let lines = (0..<5_000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        let spread = Array(repeating: "[", count: 100_000).joined(separator: "\n")
        let dashes = String(repeating: "- ", count: 100_000)
        let questions = String(repeating: "? ", count: 100_000)

        for text in [brackets, lines, spread, dashes, questions, String(repeating: "a: b\n", count: 100_000)]
        {
            #expect(problems(text).hasPrefix("honed.yaml"))
            #expect(problems(text) != "accepted")
        }
    }

    @Test func `random bytes never crash the parser`() {
        var state: UInt64 = 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let alphabet = Array("abc: -?[]{}#&*!|>'\"%@`,\n\t ~0\u{0}\u{FEFF}é\u{2028}")
        for _ in 0..<3_000 {
            let text = String(
                (0..<Int(next() % 60)).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] })
            _ = problems(text)
        }
        // A real file with one byte changed is either read or refused with a place.
        let real = Array("server:\n  port: 8080\nsources:\n  - name: a\n    url: file:///a\n".utf8)
        for index in real.indices {
            for byte in [UInt8(0), 9, 34, 38, 42, 58, 91, 123, 255] {
                var changed = real
                changed[index] = byte
                let told = problems(String(decoding: changed, as: UTF8.self))
                #expect(told == "accepted" || told.hasPrefix("honed.yaml"))
            }
        }
    }

    @Test func `a file that is not there is told with a remedy`() {
        let error = #expect(throws: ConfigurationError.self) {
            try HonedConfiguration.read("/nowhere/honed.yaml")
        }
        #expect(
            error?.description == "/nowhere/honed.yaml: there is no such file: "
                + "name another with --config, or install a first one with Deploy/install.sh")
    }
}
