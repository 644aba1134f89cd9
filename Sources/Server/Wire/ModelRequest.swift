import HTTPTypes
import Honing
import Hummingbird

// What all requests to a model have in common.

extension Request {
    /// The version that a client insists on, where it does.
    func pinnedVersion() throws -> Int? {
        guard let text = headers[.modelVersion] else { return nil }
        guard let version = Int(text), version > 0 else {
            throw ErrorResponse(
                status: .badRequest, kind: .validation,
                message: "x-model-version: \"\(text.prefix(40))\" is not the number of a version, such as 3")
        }
        return version
    }
}

extension ServerSettings.Limits {
    /// Refuses no text, too many, and empty ones.
    func check(_ texts: [String]) throws {
        guard !texts.isEmpty else {
            throw ErrorResponse.empty("the request is empty: send at least one text")
        }
        guard texts.count <= textsPerRequest else {
            throw ErrorResponse.tooLarge(
                "\(texts.count) texts in one request are more than the \(textsPerRequest) allowed: "
                    + "send several requests, or raise server.limits.texts_per_request")
        }
        if let blank = texts.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw ErrorResponse.empty("text \(blank + 1) of \(texts.count) is empty")
        }
    }
}

extension Response {
    /// What a model answered, with its version and TEI's own headers: where the time went, in milliseconds.
    static func answer(
        _ value: some Encodable, version: Int, tokens: Int, _ timing: PredictionReply.Timing
    ) throws -> Response {
        func milliseconds(_ duration: Duration) -> String {
            "\((duration / .microseconds(1)).rounded() / 1_000)"
        }
        var response = try Response.json(value)
        response.headers[.modelVersion] = "\(version)"
        response.headers[HTTPField.Name("x-compute-tokens")!] = "\(tokens)"
        response.headers[HTTPField.Name("x-tokenization-time")!] = milliseconds(timing.tokenize)
        response.headers[HTTPField.Name("x-queue-time")!] = milliseconds(timing.queue)
        response.headers[HTTPField.Name("x-inference-time")!] = milliseconds(timing.infer)
        return response
    }
}
