import HTTPTypes
import Honing
import Hummingbird

/// What load balancers and people ask first: `/health`, `/ping`, `/info`.
struct HealthRoutes {
    let loop: Loop
    let limits: ServerSettings.Limits

    func add(to router: Router<HoneContext>) {
        for path in ["health", "ping"] as [RouterPath] { router.get(path, use: health) }
        router.get("info", use: info)
    }

    @Sendable
    private func health(_ request: Request, _ context: HoneContext) async throws -> Response {
        guard loop.predictor.slot.current != nil else { throw PredictionError.noModel }
        return try Response.json(["status": "ok"])
    }

    /// What others call the precisions.
    private static let types = ["f32": "float32", "bf16": "bfloat16"]

    /// The shape of text-embeddings-inference's `/info`, as far as it applies.
    private struct Info: Encodable {
        var model_id: String
        var model_sha: String
        var model_version: Int
        /// In which precision it computes.
        var model_dtype: String
        var model_type: ModelType
        /// What the model was trained for, in Hugging Face's words.
        var model_task: String
        var max_concurrent_requests: Int
        var max_input_length: Int
        var max_batch_tokens: Int
        var max_client_batch_size: Int
        var auto_truncate = true
        var version: String

        struct ModelType: Encodable { var classifier: Classifier }
        struct Classifier: Encodable {
            var id2label: [String: String]
            var label2id: [String: Int]
        }
    }

    @Sendable
    private func info(_ request: Request, _ context: HoneContext) async throws -> Response {
        guard let live = loop.predictor.slot.current else { throw PredictionError.noModel }
        let labels = live.labelNames
        return try Response.json(
            Info(
                model_id: loop.modelName, model_sha: live.checksum, model_version: live.version,
                model_dtype: Self.types[live.precision] ?? live.precision,
                model_type: .init(
                    classifier: .init(
                        id2label: .init(uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) }),
                        label2id: .init(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) }))),
                model_task: live.taskName, max_concurrent_requests: limits.queue,
                max_input_length: live.maximumLength,
                max_batch_tokens: loop.batchTokens, max_client_batch_size: limits.textsPerRequest,
                version: honeVersion))
    }
}
