import Corpus
import Honing

extension DaemonClient {
    /// Lets the live model answer texts, in the shape of its task.
    func replies(to texts: [String], question: String?) async throws -> [TaskReply] {
        let body = ["inputs": texts.map { text in question.map { [$0, text] } ?? [text] }]
        func ask<Answer: Decodable>() async throws -> [Answer] { try await post("/predict", body) }
        let served: ServedModel = try await get("/info")
        switch served.task {
        case .textClassification, .textGeneration:
            let found: [[LabelScore]] = try await ask()
            return found.map { .labels($0, held: Set($0.prefix(1).map(\.label))) }
        case .multiLabelClassification:
            let found: [[LabelScore]] = try await ask()
            return found.map { .labels($0, held: Set($0.filter { $0.score >= 0.5 }.map(\.label))) }
        case .scoring:
            let found: [[LabelScore]] = try await ask()
            return found.map { .score(Double($0.first?.score ?? 0)) }
        case .tokenClassification:
            return try await ask().map { .entities($0) }
        case .questionAnswering:
            return try await ask().map { .answer($0) }
        }
    }
}

/// What `/info` says of the live model.
private struct ServedModel: Decodable {
    let task: TaskKind

    enum CodingKeys: String, CodingKey { case model_task }

    init(from decoder: any Decoder) throws {
        // An older daemon serves classes and does not say so.
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        task = try fields.decodeIfPresent(TaskKind.self, forKey: .model_task) ?? .textClassification
    }
}
