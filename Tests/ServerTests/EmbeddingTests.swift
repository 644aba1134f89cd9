import Corpus
import Foundation
import Honing
import TestSupport
import Testing
import Transformers

/// Texts as vectors, in the shapes of text-embeddings-inference and of OpenAI.
@Suite struct EmbeddingTests {
    private struct List: Decodable {
        struct Item: Decodable {
            var object: String
            var index: Int
            var embedding: [Float]
        }
        struct Usage: Decodable {
            var prompt_tokens: Int
            var total_tokens: Int
        }
        var object: String
        var data: [Item]
        var model: String
        var usage: Usage
    }

    private static func length(_ vector: [Float]) -> Float {
        vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    @Test func `TEI is given a vector a text, normalized unless it is told not to be`() async throws {
        try await LivingDaemon.run { daemon in
            let answer = try await daemon.door.post("/embed", #"{"inputs":["a good film","bad"]}"#)
            let vectors: [[Float]] = try answer.decode()
            #expect(vectors.count == 2 && vectors[0].count == vectors[1].count)
            #expect(vectors.allSatisfy { abs(Self.length($0) - 1) < 1e-5 })
            #expect(answer.headers["x-model-version"] == "1")
            #expect(answer.headers["x-compute-tokens"].flatMap { Int($0) } ?? 0 > 4)

            let plain: [[Float]] = try await daemon.door.post(
                "/embed", #"{"inputs":"a good film","normalize":false}"#
            ).decode()
            let scale = Self.length(plain[0])
            #expect(abs(scale - 1) > 1e-3)
            #expect(zip(plain[0], vectors[0]).allSatisfy { abs($0 / scale - $1) < 1e-5 })

            let first: [[Float]] = try await daemon.door.post(
                "/embed", #"{"inputs":"a good film","pooling":"cls"}"#
            ).decode()
            #expect(first[0] != vectors[0])
        }
    }

    @Test func `OpenAI is given a list, as numbers or as the bytes of the same numbers`() async throws {
        try await LivingDaemon.run { daemon in
            let list: List = try await daemon.door.post(
                "/v1/embeddings", #"{"input":["a good film","bad"],"model":"tiny"}"#
            ).decode()
            #expect(list.object == "list" && list.model == "tiny")
            #expect(list.data.map(\.index) == [0, 1] && list.data.allSatisfy { $0.object == "embedding" })
            #expect(list.usage.prompt_tokens == list.usage.total_tokens && list.usage.total_tokens > 4)

            struct Packed: Decodable {
                struct Item: Decodable { var embedding: Data }
                var data: [Item]
            }
            let packed: Packed = try await daemon.door.post(
                "/v1/embeddings", #"{"input":"a good film","encoding_format":"base64"}"#
            ).decode()
            let bytes = Array(packed.data[0].embedding)
            let numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
                Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
            }
            #expect(numbers == list.data[0].embedding)

            let short: List = try await daemon.door.post(
                "/v1/embeddings", #"{"input":"a good film","dimensions":3}"#
            ).decode()
            #expect(short.data[0].embedding.count == 3)
            #expect(abs(Self.length(short.data[0].embedding) - 1) < 1e-5)
        }
    }

    @Test func `vectors and predictions wait in one queue, and each is given its own`() async throws {
        try await LivingDaemon.run { daemon in
            let alone = try await daemon.door.post("/embed", #"{"inputs":"the film was bad"}"#).body
            let label = try await daemon.door.post("/predict", #"{"inputs":"the film was bad"}"#).body
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let isVector = number % 2 == 0
                        let answer = try await daemon.door.post(
                            isVector ? "/embed" : "/predict", #"{"inputs":"the film was bad"}"#)
                        #expect(answer.body == (isVector ? alone : label))
                    }
                }
                try await group.waitForAll()
            }
            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.serving.requests == 42 && status.serving.failed == 0)
        }
    }

    @Test(arguments: [
        ("/embed", #"{"inputs":[]}"#, 400, "at least one text"),
        ("/embed", #"{"inputs":[""]}"#, 400, "text 1 of 1 is empty"),
        ("/embed", #"{"inputs":"good","pooling":"max"}"#, 422, "\"mean\" or \"cls\""),
        ("/embed", #"{"inputs":"good","dimensions":0}"#, 422, "ask for 1 to"),
        ("/v1/embeddings", #"{"input":[[1,2]]}"#, 422, "token ids of another vocabulary"),
        ("/v1/embeddings", #"{}"#, 422, "\"input\" must be a text"),
    ])
    func `what is wrong is said in a sentence`(
        _ request: (path: String, body: String, status: Int, says: String)
    ) async throws {
        try await LivingDaemon.run { daemon in
            let answer = try await daemon.door.post(request.path, request.body)
            #expect(answer.status == request.status)
            #expect(answer.sentence?.contains(request.says) == true, "\(answer.sentence ?? "")")
        }
    }

    @Test func `a text that is too long is cut, or refused where the client does not want it cut`()
        async throws
    {
        try await LivingDaemon.run { daemon in
            let text = String(repeating: "good ", count: 600)
            let cut = try await daemon.door.post("/embed", #"{"inputs":"\#(text)"}"#)
            #expect(cut.status == 200)
            let whole = try await daemon.door.post(
                "/embed", #"{"inputs":["bad","\#(text)"],"truncate":false}"#)
            #expect(whole.status == 422)
            #expect(whole.sentence?.contains("text 2 has more than the") == true)
            #expect(try await daemon.door.post("/embed", #"{"inputs":"bad","truncate":false}"#).status == 200)
        }
    }

    /// `Tests/Reference/torch_embeddings.py` wrote the beginning of each vector.
    @Test func `MiniLM's vectors are those of sentence-transformers, in f32`() async throws {
        struct Reference: Decodable {
            struct Row: Decodable {
                var text: String
                var mean: [Float]
                var cls: [Float]
            }
            var rows: [Row]
        }
        let reference = try JSONDecoder().decode(Reference.self, from: fixture("embeddings.json"))
        let checkpoint = try Checkpoint(TestData.baseModel())
        let classifier = TextClassifier(
            try checkpoint.model(for: .init(names: ["a", "b"]), seed: 1), tokenizer: checkpoint.tokenizer,
            maximumLength: checkpoint.maximumLength)
        let predictor = Predictor(
            slot: ModelSlot(LiveModel(version: 1, checksum: "", classifier: classifier)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await predictor.run() }
            for pooling in [Pooling.mean, .cls] {
                var shape = EmbeddingShape()
                shape.pooling = pooling
                let reply = try await predictor.embed(reference.rows.map(\.text), shape)
                for (row, vector) in zip(reference.rows, reply.vectors) {
                    let expected = pooling == .mean ? row.mean : row.cls
                    #expect(zip(expected, vector).allSatisfy { abs($0 - $1) < 2e-5 }, "\(row.text)")
                    #expect(vector.count == 384 && expected.count == 32)
                }
            }
            group.cancelAll()
        }
    }
}
