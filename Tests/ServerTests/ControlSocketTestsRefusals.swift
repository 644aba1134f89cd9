import Foundation
import Honing
import Testing

/// What an operator does wrong, and what the daemon says to it.
@Suite struct ControlSocketTestsRefusals {
    /// A request that cannot be granted, and what its answer must say.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var method = "POST"
        var path: String
        var body: String?
        var status: Int
        /// What is wrong …
        var wrong: String
        /// … and what to do.
        var remedy: String

        var testDescription: String { "\(method) \(path) \(body ?? "")" }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            method: "GET", path: "/report?since=yesterday", status: 422, wrong: "\"yesterday\"",
            remedy: "a time such as 2026-"),
        Mistake(method: "GET", path: "/runs/7", status: 404, wrong: "no run 7", remedy: "`hone report`"),
        Mistake(
            method: "GET", path: "/runs/last", status: 404, wrong: "no run last", remedy: "`hone report`"),
        Mistake(
            method: "GET", path: "/nothing", status: 404, wrong: "nothing at this path", remedy: "GET /info"),
        Mistake(path: "/retrain", body: "{", status: 422, wrong: "not valid JSON", remedy: "JSON in UTF-8"),
        Mistake(
            path: "/retrain", body: #"{"force":false}"#, status: 422, wrong: "\"requestedBy\" is missing",
            remedy: "in the body"),
        Mistake(
            path: "/retrain", body: #"{"requestedBy":"ada","force":true}"#, status: 422,
            wrong: "needs a reason", remedy: "add --reason"),
        Mistake(
            path: "/promote", body: #"{"version":1,"requestedBy":"ada","force":true}"#, status: 422,
            wrong: "needs a reason", remedy: "add --reason"),
        Mistake(
            path: "/promote", body: #"{"version":9,"reason":"why not","requestedBy":"ada"}"#, status: 404,
            wrong: "no version 9", remedy: "it holds 1"),
        Mistake(
            path: "/promote", body: #"{"version":9,"requestedBy":"ada"}"#, status: 404, wrong: "no version 9",
            remedy: "it holds 1"),
        Mistake(
            path: "/promote", body: #"{"reason":"why not","requestedBy":"ada"}"#, status: 422,
            wrong: "needs the number of a version", remedy: "`hone versions`"),
        Mistake(
            path: "/promote", body: #"{"version":1,"reason":"why not","requestedBy":"ada"}"#, status: 409,
            wrong: "version 1 is live already", remedy: "`hone versions`"),
        Mistake(
            path: "/rollback", body: #"{"requestedBy":"ada"}"#, status: 409, wrong: "is the first one",
            remedy: "`hone rollback VERSION`"),
        Mistake(
            path: "/rollback", body: #"{"version":9,"requestedBy":"ada"}"#, status: 404,
            wrong: "no version 9", remedy: "it holds 1"),
        Mistake(
            path: "/import", body: #"{"folder":"/nowhere","requestedBy":"ada","promote":false}"#,
            status: 422, wrong: "/nowhere has no config.json",
            remedy: "name the folder of a Hugging Face model"),
        Mistake(
            path: "/import",
            body:
                #"{"folder":"\#(LivingLoop.tinyBert)","examples":"/nowhere.jsonl","requestedBy":"ada","promote":false}"#,
            status: 422, wrong: "/nowhere.jsonl cannot be read",
            remedy: "it does not exist, or its folder is closed"),
        Mistake(
            path: "/import", body: #"{"folder":"/nowhere","requestedBy":"ada","promote":true}"#,
            status: 422, wrong: "needs a reason", remedy: "add --reason"),
        Mistake(
            path: "/fetch", body: #"{"source":"other"}"#, status: 404, wrong: "no source \"other\"",
            remedy: "it names deaf"),
        Mistake(
            path: "/predict", body: #"{"inputs":[]}"#, status: 422, wrong: "not 0", remedy: "send a batch as"),
    ]

    @Test func `each mistake is answered with what is wrong and what to do, and changes nothing`()
        async throws
    {
        var configuration = LivingLoop.configuration()
        var deaf = SourceSettings()
        deaf.name = "deaf"
        deaf.url = "http://127.0.0.1:9/rows"
        deaf.retries = 0
        deaf.interval = .seconds(3_600)
        configuration.sources = [deaf]
        try await LivingDaemon.run(configuration) { daemon in
            for mistake in Self.mistakes {
                let answer = try await daemon.control.ask(mistake.method, mistake.path, mistake.body)

                let sentence = answer.sentence ?? "no sentence"
                #expect(answer.status == mistake.status, "\(mistake.testDescription): \(sentence)")
                #expect(sentence.contains(mistake.wrong), "\(mistake.testDescription)")
                #expect(sentence.contains(mistake.remedy), "\(mistake.testDescription)")
            }

            // A source that does not answer is no wrong order: the receipt says what happened to it.
            let fetched = try await daemon.control.post("/fetch", #"{"source":"deaf"}"#)
            #expect(
                fetched.status == 200 && String(decoding: fetched.body, as: UTF8.self).contains("127.0.0.1:9")
            )

            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.model?.version == 1)
            #expect(status.lastRun == nil && status.run == nil)
            #expect(try await daemon.loop.versions().count == 1)
            // An operator's mistake is no fault of the daemon's.
            #expect(status.serving.failed == 0)
        }
    }

    @Test func `a second order while a run is under way is told to wait`() async throws {
        try await LivingDaemon.run { daemon in
            let order = #"{"requestedBy":"ada","force":false}"#
            let answers = try await withThrowingTaskGroup(of: LoopbackClient.Answer.self) { group in
                for _ in 0..<8 { group.addTask { try await daemon.control.post("/retrain", order) } }
                return try await group.reduce(into: [LoopbackClient.Answer]()) { $0.append($1) }
            }

            #expect(answers.contains { $0.status == 202 })
            for answer in answers where answer.status != 202 {
                #expect(answer.status == 409)
                #expect(answer.sentence?.contains("follow it with `hone status`") == true)
            }
        }
    }

    @Test func `over TCP nothing but feedback changes anything`() async throws {
        try await LivingDaemon.run { daemon in
            let bodies = [
                "/retrain": #"{"requestedBy":"eve","force":false}"#,
                "/rollback": #"{"requestedBy":"eve"}"#,
                "/promote": #"{"version":1,"reason":"mine","requestedBy":"eve"}"#,
                "/import":
                    #"{"folder":"\#(LivingLoop.tinyBert)","reason":"mine","requestedBy":"eve","promote":true}"#,
                "/fetch": "{}",
            ]
            for (path, body) in bodies {
                for method in ["POST", "PUT", "PATCH", "DELETE", "GET"] {
                    let answer = try await daemon.door.ask(method, path, body)
                    #expect(answer.status == 404, "\(method) \(path)")
                }
            }
            for path in ["/status", "/report", "/versions", "/runs/1"] {
                #expect(try await daemon.door.get(path).status == 404, "\(path)")
            }
            let before: Status = try await daemon.control.get("/status").decode()
            #expect(before.lastRun == nil && before.run == nil)
            #expect(try await daemon.loop.versions().count == 1)
            #expect(before.store.examples == 0)

            let kept = try await daemon.door.post(
                "/v1/feedback", #"[{"text":"a good film","label":"positive"}]"#)
            #expect(kept.status == 200)
            let after: Status = try await daemon.control.get("/status").decode()
            #expect(after.store.examples == 1)

            // The operator's face takes no labels: who sends them is a client.
            #expect(try await daemon.control.post("/v1/feedback", "[]").status == 404)
        }
    }
}
