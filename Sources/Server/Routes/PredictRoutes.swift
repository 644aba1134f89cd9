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
        let shape = AnswerShape(function: body.rawScores ? ScoreFunction.none : nil)
        switch body.inputs {
        case .single(let input):
            let reply = try await answer([input], request, context)
            return try response(reply.replies(to: [input], shape)[0], reply)
        case .batch(let inputs):
            let reply = try await answer(inputs, request, context)
            return try response(reply.replies(to: inputs, shape), reply)
        }
    }

    /// Answers about classes in nested arrays even for one text: both official clients take `response[0]`.
    @Sendable
    private func huggingFace(_ request: Request, _ context: HoneContext) async throws -> Response {
        let body: HuggingFaceRequest = try await request.json(upTo: limits.bodyBytes)
        let reply = try await answer(body.texts, request, context)
        let replies = try reply.replies(to: body.texts, body.shape)
        guard body.isSingle, !reply.isAlwaysListed else { return try response(replies, reply) }
        return try response(replies[0], reply)
    }

    private func answer(
        _ inputs: [TextInput], _ request: Request, _ context: HoneContext
    ) async throws -> PredictionReply {
        try limits.check(inputs.map(\.text))
        return try await loop.predict(
            inputs, requestID: context.requestID, version: try request.pinnedVersion())
    }

    private func response(_ value: some Encodable, _ reply: PredictionReply) throws -> Response {
        try .answer(value, version: reply.modelVersion, tokens: reply.tokens, reply.timing)
    }
}
