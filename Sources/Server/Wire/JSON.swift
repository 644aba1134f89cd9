import FoundationEssentials
import HTTPTypes
import Hummingbird

extension Request {
    /// The body as a value; every way in which it can be wrong is an error with a sentence.
    func json<Value: Decodable>(upTo limit: Int) async throws -> Value {
        let type = headers[.contentType] ?? "application/json"
        guard type.lowercased().hasPrefix("application/json") else {
            throw ErrorResponse(
                status: .unsupportedMediaType, kind: .validation,
                message: "the body must be application/json, not \(type)")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: limit)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw ErrorResponse.tooLarge("the body is larger than \(limit) bytes (server.limits.body)")
        }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(buffer.readableBytesView))
        } catch let error as ErrorResponse {
            throw error
        } catch let error as DecodingError {
            throw ErrorResponse.validation(error.sentence)
        }
    }
}

extension Response {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension DecodingError {
    /// What is wrong and where, without Swift's names for it.
    fileprivate var sentence: String {
        func place(_ path: [any CodingKey]) -> String {
            let keys = path.map { $0.intValue.map { "[\($0)]" } ?? "\"\($0.stringValue)\"" }
            return keys.isEmpty ? "the body" : keys.joined(separator: " ")
        }
        return switch self {
        case .keyNotFound(let key, let context):
            "\"\(key.stringValue)\" is missing in \(place(context.codingPath))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context.codingPath)) has the wrong type: \(context.debugDescription)"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "the body is not valid JSON in UTF-8"
                : "\(place(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "the body does not have the expected shape"
        }
    }
}
