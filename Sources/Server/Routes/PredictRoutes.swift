import FoundationEssentials
import HTTPTypes
import Honing
import Hummingbird

/// The paths that answer texts: TEI's `/predict` and Hugging Face's `/`, `/models/{name}` and
/// `/invocations`.
struct PredictRoutes {
    let loop: Loop
    let limits: ServerSettings.Limits

    func add(to router: Router<HoneContext>) {
        router.post("predict", use: predict)
        router.post("/", use: huggingFace)
        router.post("invocations", use: huggingFace)
        router.post("models/:name") { request, context in
            let name = context.parameters.get("name") ?? ""
            guard name == loop.modelName else {
                throw ErrorResponse.notFound(
                    "this server serves the model \"\(loop.modelName)\", not \"\(name)\"")
            }
            return try await huggingFace(request, context)
        }
    }

    @Sendable
    private func predict(_ request: Request, _ context: HoneContext) async throws -> Response {
        let body: PredictRequest = try await request.json(upTo: limits.bodyBytes)
        let function: ScoreFunction = body.rawScores ? .none : .softmax
        switch body.inputs {
        case .single(let input):
            let reply = try await answer([input], request, context)
            return try response(reply.scores(of: 0, function: function), reply)
        case .batch(let inputs):
            let reply = try await answer(inputs, request, context)
            return try response((0..<reply.count).map { reply.scores(of: $0, function: function) }, reply)
        }
    }

    /// Answers in nested arrays even for one text: both official clients take `response[0]`.
    @Sendable
    private func huggingFace(_ request: Request, _ context: HoneContext) async throws -> Response {
        let body: HuggingFaceRequest = try await request.json(upTo: limits.bodyBytes)
        let reply = try await answer(body.texts, request, context)
        let scores = (0..<reply.count).map { reply.scores(of: $0, function: body.function, top: body.topK) }
        return try response(scores, reply)
    }

    private func answer(
        _ inputs: [TextInput], _ request: Request, _ context: HoneContext
    ) async throws -> PredictionReply {
        guard !inputs.isEmpty else {
            throw ErrorResponse.empty("\"inputs\" is empty: send at least one text")
        }
        guard inputs.count <= limits.textsPerRequest else {
            throw ErrorResponse.tooLarge(
                "\(inputs.count) texts in one request are more than the \(limits.textsPerRequest) allowed: "
                    + "send several requests, or raise server.limits.texts_per_request")
        }
        if let blank = inputs.firstIndex(where: { $0.text.allSatisfy(\.isWhitespace) }) {
            throw ErrorResponse.empty("text \(blank + 1) of \(inputs.count) is empty")
        }
        return try await loop.predict(
            inputs, requestID: context.requestID, version: try pinnedVersion(request))
    }

    /// The version that a client insists on, where it does.
    private func pinnedVersion(_ request: Request) throws -> Int? {
        guard let text = request.headers[.modelVersion] else { return nil }
        guard let version = Int(text), version > 0 else {
            throw ErrorResponse(
                status: .badRequest, kind: .validation,
                message: "x-model-version: \"\(text.prefix(40))\" is not the number of a version, such as 3")
        }
        return version
    }

    private func response(_ value: some Encodable, _ reply: PredictionReply) throws -> Response {
        var response = try Response.json(value)
        response.headers[.modelVersion] = "\(reply.modelVersion)"
        for (name, value) in reply.timingHeaders { response.headers[name] = value }
        return response
    }
}

extension PredictionReply {
    /// TEI's own headers: where the time went, in milliseconds.
    fileprivate var timingHeaders: [(HTTPField.Name, String)] {
        func milliseconds(_ duration: Duration) -> String {
            "\((duration / .microseconds(1)).rounded() / 1_000)"
        }
        return [
            (HTTPField.Name("x-compute-tokens")!, "\(tokens)"),
            (HTTPField.Name("x-tokenization-time")!, milliseconds(timing.tokenize)),
            (HTTPField.Name("x-queue-time")!, milliseconds(timing.queue)),
            (HTTPField.Name("x-inference-time")!, milliseconds(timing.infer)),
        ]
    }
}
