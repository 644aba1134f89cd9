import Corpus
import Foundation
import Honing
import Store
import TestSupport
import Testing

/// Models that say something else than one class of a text, over the wire: Hugging Face's shapes, and rows by
/// which they are judged.
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
            #expect(receipt.isLive)
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

    private struct Receipt: Decodable {
        let accepted: Int
        let rejected: Int
        let results: [FeedbackResult]
    }

    /// Sends rows of which the first are accepted, and the others refused for reasons that hold these parts.
    private func send(
        _ daemon: LivingDaemon, accepted rows: [String], refused: [(row: String, part: String)]
    ) async throws -> [StoredOutcome] {
        let body = "[" + (rows + refused.map(\.row)).joined(separator: ",") + "]"
        let receipt: Receipt = try await daemon.door.post("/v1/feedback", body).decode()
        #expect(receipt.accepted == rows.count && receipt.rejected == refused.count, "\(receipt.results)")
        for (result, (_, part)) in zip(receipt.results.suffix(refused.count), refused) {
            #expect(result.message?.contains(part) == true, "\(result)")
        }
        try await eventually("the rows are judged") { try await daemon.loop.store.counts().unscored == 0 }
        return try await daemon.loop.store.outcomes(modelVersion: 2, since: 0, limit: 99)
    }

    @Test func `parts that have a name are taken in as spans or tags, and judged`() async throws {
        try await serving(.tokenClassification) { daemon in
            let outcomes = try await send(
                daemon,
                accepted: [
                    #"{"text":"the good film","spans":[{"label":"PER","start":4,"end":8}]}"#,
                    #"{"text":"a film","tags":["O","B-PER"]}"#, #"{"text":"a film","spans":[]}"#,
                ],
                refused: [
                    (#"{"text":"a film","label":"O"}"#, "needs a tag for each word"),
                    (#"{"text":"a film","spans":[{"label":"LOC","start":0,"end":1}]}"#, "\"B-LOC\""),
                    (
                        #"{"text":"a film","spans":[{"label":"PER","start":0,"end":9}]}"#,
                        "reaches from 0 to 9"
                    ),
                    (#"{"text":"a film","tags":["O"]}"#, "1 tags for 2 words"),
                ])
            #expect(outcomes.count == 3)
            for outcome in outcomes {
                #expect((0...1).contains(outcome.loss) && outcome.lossInNats > 0)
                #expect(outcome.label == "token-classification" && outcome.predictedLabel.hasPrefix("["))
            }
            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.model?.task == "token-classification" && status.accuracy?.count == 3)

            let answered = try await daemon.door.post("/", #"{"inputs":"the bad film"}"#)
            let id = try #require(answered.headers["x-request-id"])
            let row = #"{"id":"\#(id)","spans":[{"label":"PER","start":4,"end":7}]}"#
            let receipt: Receipt = try await daemon.door.post("/v1/feedback", row).decode()
            #expect(receipt.accepted == 1)
            let astray = #"{"id":"\#(id)","spans":[{"label":"PER","start":4,"end":70}]}"#
            #expect(try await daemon.door.post("/v1/feedback", astray).decode(Receipt.self).rejected == 1)
            try await expectRefusal(
                daemon, "/v1/feedback", #"{"text":"a","tags":["O"],"score":1}"#, "says one thing")
        }
    }

    @Test func `answers, several labels and scores are taken in, and judged`() async throws {
        try await serving(.questionAnswering) { daemon in
            let outcomes = try await send(
                daemon,
                accepted: [
                    #"{"text":"good","text_pair":"the film was good","answers":[{"text":"good","start":13}]}"#,
                    #"{"text":"good","text_pair":"the film was bad","answers":[]}"#,
                ],
                refused: [
                    (
                        #"{"text":"bad","text_pair":"a bad film","answers":[{"text":"bad","start":3}]}"#,
                        "but at 2"
                    ), (#"{"text":"bad","answers":[]}"#, "text to look in"),
                ])
            #expect(outcomes.count == 2 && outcomes.allSatisfy { $0.predictedLabel.hasPrefix("{") })
        }
        try await serving(.multiLabelClassification) { daemon in
            let outcomes = try await send(
                daemon,
                accepted: [
                    #"{"text":"a film","labels":["fast","good"]}"#, #"{"text":"a film","labels":[]}"#,
                ],
                refused: [(#"{"text":"a film","labels":["slow"]}"#, "\"slow\"")])
            #expect(outcomes.count == 2 && outcomes.allSatisfy { $0.probabilities.count == 3 })
        }
        try await serving(.scoring) { daemon in
            // This folder says nothing of the scores that there are.
            _ = try await send(
                daemon, accepted: [], refused: [(#"{"text":"a film","score":0.5}"#, "score_range")])
        }
    }

    @Test
    func `rows come with a model if it can be judged by them, and remedies without meaning are refused`()
        async throws
    {
        try await serving(.questionAnswering) { daemon in
            let file = daemon.configuration.dataDirectory + "/rows.jsonl"
            func order(_ rows: String) async throws -> LoopbackClient.Answer {
                try Data(rows.utf8).write(to: URL(filePath: file))
                let folder = Self.folder(.multiLabelClassification)
                let order =
                    #"{"folder":"\#(folder)","examples":"\#(file)","requestedBy":"ada","promote":false}"#
                return try await daemon.control.post("/import", order)
            }
            let refused = try await order(#"{"text":"a film","labels":["slow"]}"#)
            #expect(refused.status == 422 && refused.sentence?.contains("\"slow\"") == true)
            let receipt: ImportReceipt = try await order(#"{"text":"a film","labels":["fast"]}"#).decode()
            #expect(receipt.examples == 1 && !receipt.isLive)

            let body = #"{"requestedBy":"ada","force":false,"level":"prior"}"#
            let run = try await daemon.control.post("/retrain", body)
            #expect(run.status == 422 && run.sentence?.contains("no classes") == true)

            let vectors: [[Double]] = try await daemon.door.post("/embed", #"{"inputs":"a film"}"#).decode()
            #expect(vectors.first?.isEmpty == false)
        }
    }
}
