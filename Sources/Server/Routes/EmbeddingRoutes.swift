import HTTPTypes
import Honing
import Hummingbird

/// The paths that give texts as vectors: TEI's `/embed` and OpenAI's `/v1/embeddings`.
struct EmbeddingRoutes {
    let loop: Loop
    let limits: ServerSettings.Limits

    func add(to router: Router<HoneContext>) {
        router.post("embed") { request, context in
            let body: EmbedRequest = try await request.json(upTo: limits.bodyBytes)
            let reply = try await answer(body.texts, body.shape, request, context)
            return try response(reply.vectors, reply)
        }
        router.post("v1/embeddings") { request, context in
            let body: OpenAIEmbeddingRequest = try await request.json(upTo: limits.bodyBytes)
            let reply = try await answer(body.texts, body.shape, request, context)
            return try response(OpenAIEmbeddings(reply, body.format, model: loop.modelName), reply)
        }
    }

    private func answer(
        _ texts: [String], _ shape: EmbeddingShape, _ request: Request, _ context: HoneContext
    ) async throws -> EmbeddingReply {
        try limits.check(texts)
        do {
            return try await loop.predictor.embed(
                texts, shape, requestID: context.requestID, version: try request.pinnedVersion())
        } catch let error as EmbeddingError {
            throw ErrorResponse.validation(error.description)
        }
    }

    private func response(_ value: some Encodable, _ reply: EmbeddingReply) throws -> Response {
        try .answer(value, version: reply.modelVersion, tokens: reply.tokens, reply.timing)
    }
}
