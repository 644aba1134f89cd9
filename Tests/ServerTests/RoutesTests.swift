import Foundation
import HTTPTypes
import Honing
import Hummingbird
import HummingbirdTesting
import Server
import Testing

@Suite struct RoutesTests {
    private func serving(
        key: String? = nil, limits: ServerSettings.Limits = .init(),
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await LivingLoop.run { loop in
            try await Application(router: publicRouter(loop, limits: limits, key: key)).test(.router, body)
        }
    }

    private func post(
        _ client: any TestClientProtocol, _ path: String, _ json: String, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await client.execute(
            uri: path, method: .post, headers: headers, body: ByteBuffer(string: json))
    }

    private struct Score: Decodable {
        var label: String
        var score: Double
    }

    private func decode<Value: Decodable>(_ response: TestResponse, _: Value.Type = Value.self) throws
        -> Value
    {
        try JSONDecoder().decode(Value.self, from: Data(response.body.readableBytesView))
    }

    @Test func `TEI answers one text with a flat list, best first, and names version and request`()
        async throws
    {
        try await serving { client in
            let response = try await post(client, "/predict", #"{"inputs":"a good film"}"#)

            let scores: [Score] = try decode(response)
            #expect(response.status == .ok)
            #expect(scores.count == 3)
            #expect(scores.map(\.score) == scores.map(\.score).sorted(by: >))
            #expect(abs(scores.reduce(0) { $0 + $1.score } - 1) < 1e-5)
            #expect(response.headers[HTTPField.Name("x-model-version")!] == "1")
            #expect(response.headers[HTTPField.Name("x-request-id")!]?.isEmpty == false)
        }
    }

    @Test func `TEI takes a batch as arrays of arrays, and two texts in one array as a pair`() async throws {
        try await serving { client in
            let batch: [[Score]] = try decode(
                try await post(client, "/predict", #"{"inputs":[["good"],["bad","film"]]}"#))
            let pair: [Score] = try decode(try await post(client, "/predict", #"{"inputs":["bad","film"]}"#))

            #expect(batch.count == 2)
            #expect(zip(batch[1], pair).allSatisfy { $0.label == $1.label && $0.score == $1.score })
        }
    }

    @Test(arguments: ["/", "/models/tiny", "/invocations"])
    func `Hugging Face's paths answer in nested lists`(path: String) async throws {
        try await serving { client in
            let one: [[Score]] = try decode(
                try await post(client, path, #"{"inputs":"good","parameters":{"top_k":2}}"#))
            let two: [[Score]] = try decode(try await post(client, path, #"{"inputs":["good","bad"]}"#))

            #expect(one.count == 1)
            #expect(one[0].count == 2)
            #expect(two.count == 2)
        }
    }

    private static let long = String(repeating: "a", count: 257)

    @Test(arguments: [
        ("/predict", "{", 422), ("/predict", "{}", 422), ("/predict", #"{"inputs":[]}"#, 422),
        ("/predict", #"{"inputs":"  "}"#, 400), ("/predict", #"{"inputs":7}"#, 422),
        ("/models/other", #"{"inputs":"good"}"#, 404), ("/nowhere", "{}", 404),
        ("/v1/feedback", "[]", 400), ("/v1/feedback", #"[{"label":"positive"}]"#, 422),
        ("/v1/feedback", #"{"text":"a","label":"positive","metadata":{"shop":7}}"#, 422),
        ("/v1/feedback", #"{"text":"a","label":"positive","metadata":{"shop":"\#(long)"}}"#, 422),
    ])
    func `what is wrong is said in a sentence`(_ request: (path: String, body: String, status: Int))
        async throws
    {
        struct Failure: Decodable {
            var error: String
            var error_type: String
        }
        try await serving { client in
            let response = try await post(client, request.path, request.body)

            #expect(response.status.code == request.status)
            let failure: Failure = try decode(response)
            #expect(failure.error.count > 10)
            #expect(response.headers[HTTPField.Name("x-request-id")!]?.isEmpty == false)
        }
    }

    @Test func `too many texts and too large a body are refused with 413`() async throws {
        var limits = ServerSettings.Limits()
        limits.textsPerRequest = 2
        limits.bodyBytes = 200
        try await serving(limits: limits) { client in
            let many = try await post(client, "/predict", #"{"inputs":[["a"],["b"],["c"]]}"#)
            let large = try await post(
                client, "/predict", "{\"inputs\":\"\(String(repeating: "good ", count: 100))\"}")

            #expect(many.status == .contentTooLarge)
            #expect(large.status == .contentTooLarge)
        }
    }

    @Test func `feedback is kept once, by text and by the id of an answer`() async throws {
        struct Receipt: Decodable {
            var accepted: Int
            var duplicates: Int
            var rejected: Int
        }
        try await serving { client in
            let answer = try await post(client, "/predict", #"{"inputs":"the film was good"}"#)
            let id = try #require(answer.headers[HTTPField.Name("x-request-id")!])
            let rows =
                #"[{"text":"bad film","label":"negative"},{"id":"\#(id)","label":"positive"},{"id":"none","label":"neutral"},{"text":"x","label":"unheard"}]"#

            let first: Receipt = try decode(try await post(client, "/v1/feedback", rows))
            let second: Receipt = try decode(try await post(client, "/v1/feedback", rows))

            #expect(first.accepted == 2)
            #expect(first.rejected == 2)
            #expect(second.accepted == 0)
            #expect(second.duplicates == 2)
        }
    }

    @Test func `a key is asked for, but not by health and metrics`() async throws {
        try await serving(key: "secret") { client in
            let body = #"{"inputs":"good"}"#
            let without = try await post(client, "/predict", body).status
            let with = try await post(client, "/predict", body, headers: [.authorization: "Bearer secret"])
                .status
            let health = try await client.execute(uri: "/health", method: .get).status
            let metrics = try await client.execute(uri: "/metrics", method: .get).status

            #expect(without == .unauthorized)
            #expect(with == .ok)
            #expect(health == .ok)
            #expect(metrics == .ok)
        }
    }

    @Test func `the key is the one word on the first line of its file`() throws {
        let file = NSTemporaryDirectory() + "key-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: file) }

        try Data("secret \r\nand a note\n".utf8).write(to: URL(filePath: file))
        #expect(try readKey(file) == "secret")
        for text in ["", "\n", "two words\n"] {
            try Data(text.utf8).write(to: URL(filePath: file))
            #expect(throws: KeyFileError.self) { try readKey(file) }
        }
        #expect(throws: KeyFileError.self) { try readKey(file + "-none") }
    }

    @Test func `nothing that changes the model can be reached over TCP`() async throws {
        try await serving { client in
            for path in ["/retrain", "/rollback", "/promote", "/import", "/fetch", "/status", "/versions"] {
                let status = try await post(client, path, "{}").status
                #expect(status == .notFound, "\(path)")
            }
        }
    }

    @Test func `metrics are Prometheus text and the dashboard asks nothing of others`() async throws {
        try await serving { client in
            _ = try await post(client, "/predict", #"{"inputs":"good"}"#)
            let metrics = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            let page = try await client.execute(uri: "/", method: .get)
            let html = String(buffer: page.body)

            #expect(metrics.contains("honed_requests_total 1\n"))
            #expect(metrics.contains("honed_model_version 1\n"))
            for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.wholeMatch(of: /[a-z_0-9]+(\{[^}]*\})? [-+.0-9eE]+/) != nil, "\(line)")
            }
            #expect(html.contains("version 1"))
            #expect(!html.contains("http://") || !html.contains("src="))
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
        }
    }
}
