import HTTPTypes
import Honing
import Hummingbird

/// `POST /v1/feedback`: what is true of answers that were given, or of texts of one's own.
///
/// The answer is sent after the rows are on the disk; a row that was acknowledged survives a loss
/// of power. Sending the same row again changes nothing.
struct FeedbackRoutes {
    let loop: Loop
    let limits: ServerSettings.Limits

    private static let rowsPerRequest = 1_000

    func add(to router: Router<HoneContext>) {
        router.post("v1/feedback", use: feedback)
    }

    @Sendable
    private func feedback(_ request: Request, _ context: HoneContext) async throws -> Response {
        let body: FeedbackRequest = try await request.json(upTo: limits.bodyBytes)
        guard !body.rows.isEmpty else { throw ErrorResponse.empty("there are no rows in the body") }
        guard body.rows.count <= Self.rowsPerRequest else {
            throw ErrorResponse.tooLarge(
                "\(body.rows.count) rows are more than the \(Self.rowsPerRequest) that one request may carry")
        }
        let items = try body.rows.enumerated().map(Self.item)
        return try Response.json(FeedbackResponse(await loop.feedback(items)))
    }

    private static func item(_ index: Int, _ row: FeedbackRequest.Row) throws -> FeedbackItem {
        let subject: FeedbackItem.Subject
        switch (row.id, row.text) {
        case (let id?, nil): subject = .answer(requestID: id, item: row.item ?? 0)
        case (nil, let text?): subject = .text(TextInput(text: text, pair: row.pair))
        default:
            throw ErrorResponse.validation(
                "row \(index + 1) must have either \"id\" (of an answer) or \"text\"")
        }
        let weight = row.weight ?? 1
        guard weight > 0, weight.isFinite else {
            throw ErrorResponse.validation("row \(index + 1): \"weight\" must be above 0")
        }
        if let propensity = row.propensity, !(propensity > 0 && propensity <= 1) {
            throw ErrorResponse.validation("row \(index + 1): \"propensity\" must be above 0 and at most 1")
        }
        let metadata = row.metadata ?? [:]
        guard metadata.count <= 32, metadata.allSatisfy({ $0.utf8.count <= 64 && $1.utf8.count <= 256 })
        else {
            throw ErrorResponse.validation(
                "row \(index + 1): \"metadata\" holds at most 32 texts of 256 bytes, under names of 64")
        }
        return FeedbackItem(
            subject: subject, truth: row.truth, source: row.source ?? "feedback", weight: weight,
            observedAt: row.ts?.date, propensity: row.propensity, metadata: metadata)
    }
}
