import Corpus
import Foundation
import Honing
import Store
import TestSupport
import Testing

/// Models that say something else than one class of a text, over the wire: Hugging Face's shapes, and what
/// the daemon says that it does not do for them.
@Suite struct OtherTasksTests {
    private static func folder(_ task: TaskKind) -> String {
        URL(filePath: fixturePath("../../TransformersTests/Fixtures/heads/\(task.rawValue)"))
            .standardizedFileURL.path
    }

    /// Lets a folder that `transformers` wrote answer, as version 2.
    private func serving(
        _ task: TaskKind, _ body: @Sendable (LivingDaemon) async throws -> Void
    ) async throws {
        try await LivingDaemon.run { daemon in
            let order =
                #"{"folder":"\#(Self.folder(task))","requestedBy":"ada","reason":"a test","promote":true}"#
            let receipt: ImportReceipt = try await daemon.control.post("/import", order).decode()
            #expect(receipt.isLive && receipt.sentence.contains("neither watched nor retrained"))
            try await body(daemon)
        }
    }

    private func expectRefusal(
        _ daemon: LivingDaemon, _ path: String, _ json: String, _ part: String
    ) async throws {
        let answer = try await daemon.door.post(path, json)
        #expect(answer.status == 422 && answer.sentence?.contains(part) == true, "\(path) \(json)")
    }

    @Test func `tags are told as entities, or word by word`() async throws {
        try await serving(.tokenClassification) { daemon in
            let text = "the good film , bad ."
            let wordByWord = #"{"inputs":"\#(text)","parameters":{"aggregation_strategy":"none"}}"#
            let words: [TaggedWord] = try await daemon.door.post("/", wordByWord).decode()
            for word in words {
                #expect(word.word == String(Array(text)[word.start..<word.end]))
                #expect(word.entity != "O" && word.word == text.split(separator: " ")[word.index - 1])
            }
            let one = try await daemon.door.post("/models/tiny", #"{"inputs":"\#(text)"}"#)
            let entities: [NamedEntity] = try one.decode()
            #expect(entities.isEmpty == words.isEmpty && entities.count <= words.count)
            let alone = String(decoding: one.body, as: UTF8.self)
            let many = try await daemon.door.post("/", #"{"inputs":["\#(text)","\#(text)"]}"#)
            #expect(String(decoding: many.body, as: UTF8.self) == "[\(alone),\(alone)]")
            let batch = try await daemon.door.post("/predict", #"{"inputs":[["\#(text)"]]}"#)
            #expect(String(decoding: batch.body, as: UTF8.self) == "[\(alone)]")

            let average = #"{"inputs":"a","parameters":{"aggregation_strategy":"average"}}"#
            try await expectRefusal(daemon, "/", average, "first piece")
            try await expectRefusal(daemon, "/", #"{"inputs":"a","parameters":{"top_k":2}}"#, "top_k")
            let question = #"{"inputs":{"question":"a","context":"b"}}"#
            try await expectRefusal(daemon, "/", question, "task is token-classification, which takes")
            try await expectRefusal(daemon, "/predict", #"{"inputs":["a","b"]}"#, "no pairs")
            try await expectRefusal(daemon, "/predict", #"{"inputs":"a","raw_scores":true}"#, "raw scores")
        }
    }

    @Test func `questions are answered, and nothing else is`() async throws {
        try await serving(.questionAnswering) { daemon in
            let asked = #"{"question":"good","context":"the film was good"}"#
            let one = try await daemon.door.post("/", #"{"inputs":\#(asked)}"#)
            let answer: FoundAnswer = try one.decode()
            #expect((0...1).contains(answer.score))
            let alone = String(decoding: one.body, as: UTF8.self)
            let many = try await daemon.door.post("/", #"{"inputs":[\#(asked),\#(asked)]}"#)
            #expect(String(decoding: many.body, as: UTF8.self) == "[\(alone),\(alone)]")
            let pair = try await daemon.door.post("/predict", #"{"inputs":["good","the film was good"]}"#)
            #expect(pair.body == one.body)

            try await expectRefusal(daemon, "/predict", #"{"inputs":"good"}"#, #""question""#)
            // The watchdog's own text is no question, and the daemon is alive.
            #expect(await daemon.loop.isAlive())
        }
    }

    @Test func `several labels and scores`() async throws {
        try await serving(.multiLabelClassification) { daemon in
            let found: [[LabelScore]] = try await daemon.door.post("/", #"{"inputs":"a good film"}"#)
                .decode()
            let scores = try #require(found.first).map(\.score)
            #expect(scores.count == 3 && scores == scores.sorted(by: >))
            #expect(scores.allSatisfy { (0...1).contains($0) })
            let parameters = #"{"top_k":1,"function_to_apply":"sigmoid"}"#
            let best: [[LabelScore]] = try await daemon.door.post(
                "/", #"{"inputs":"a good film","parameters":\#(parameters)}"#
            ).decode()
            #expect(best == [Array(found[0].prefix(1))])
        }
        try await serving(.scoring) { daemon in
            let found: [LabelScore] = try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#)
                .decode()
            #expect(found.map(\.label) == ["score"])
        }
    }

    @Test func `what is not done for them is said wherever somebody may look for it`() async throws {
        try await serving(.tokenClassification) { daemon in
            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.model?.task == "token-classification")
            let caveat = try #require(status.model?.caveat)
            #expect(status.verdict.sentence.dropFirst().dropLast() == caveat.dropFirst())
            #expect(status.line.hasPrefix("version 2: not watched,"))
            #expect(status.decision == caveat)
            #expect(StatusText.render(status, colour: false).contains("not measured"))
            let report: DriftReport = try await daemon.control.get("/report").decode()
            #expect(report.headline.sentence == status.verdict.sentence)
            #expect(report.headline.advice.contains("hone evaluate"))

            let label = try await daemon.door.post("/v1/feedback", #"{"text":"a film","label":"O"}"#)
            #expect(label.status == 409 && label.sentence == caveat)
            let run = try await daemon.control.post("/retrain", #"{"requestedBy":"ada","force":false}"#)
            #expect(run.status == 409 && run.sentence == caveat)
            #expect(try await daemon.loop.store.unscoredExamples(limit: 1).isEmpty)
        }
    }

    @Test func `their rows are not taken with them, and their texts have vectors`() async throws {
        try await serving(.questionAnswering) { daemon in
            let order =
                #"{"folder":"\#(Self.folder(.scoring))","examples":"a.jsonl","requestedBy":"ada","promote":false}"#
            let refused = try await daemon.control.post("/import", order)
            #expect(refused.status == 422 && refused.sentence?.contains("leave a.jsonl out") == true)

            let vectors: [[Double]] = try await daemon.door.post("/embed", #"{"inputs":"a film"}"#).decode()
            #expect(vectors.first?.isEmpty == false)
        }
    }
}
