import FoundationEssentials
import Honing
import Hummingbird
import Logging

/// An error as clients see it: text-embeddings-inference's body, `{"error": …, "error_type": …}`.
struct ErrorResponse: HTTPResponseError {
    /// The error types that TEI's clients know, and `not_found` and `storage` of our own.
    enum Kind: String {
        case validation, empty, overloaded, unhealthy, backend, storage
        case notFound = "not_found"
        case tooLarge = "too_large"
        case unauthorized
    }

    let status: HTTPResponse.Status
    let kind: Kind
    let message: String
    var retryAfterSeconds: Int?

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        if let retryAfterSeconds { headers[.retryAfter] = "\(retryAfterSeconds)" }
        if kind == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        let body = try encoder.encode(["error": message, "error_type": kind.rawValue])
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    static func validation(_ message: String) -> ErrorResponse {
        ErrorResponse(status: .unprocessableContent, kind: .validation, message: message)
    }

    static func empty(_ message: String) -> ErrorResponse {
        ErrorResponse(status: .badRequest, kind: .empty, message: message)
    }

    static func tooLarge(_ message: String) -> ErrorResponse {
        ErrorResponse(status: .contentTooLarge, kind: .tooLarge, message: message)
    }

    static func notFound(_ message: String) -> ErrorResponse {
        ErrorResponse(status: .notFound, kind: .notFound, message: message)
    }
}

/// Turns whatever a route throws into an error that its client can act on.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    let loop: Loop

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as ErrorResponse {
            throw error
        } catch let error as PredictionError {
            throw ErrorResponse(error)
        } catch let error as ControlError {
            throw ErrorResponse(error)
        } catch let error as any HTTPResponseError {
            throw ErrorResponse(status: error.status, kind: .init(error.status), message: error.sentence)
        } catch {
            loop.predictor.statistics.failed()
            context.logger.error("\(request.method) \(request.uri.path): \(error)")
            throw ErrorResponse(status: .internalServerError, kind: .backend, message: "\(error)")
        }
    }
}

extension ErrorResponse {
    fileprivate init(_ error: PredictionError) {
        let message = error.description
        switch error {
        case .overloaded(_, _, let seconds):
            self.init(
                status: .tooManyRequests, kind: .overloaded, message: message, retryAfterSeconds: seconds)
        case .timedOut(_, let seconds):
            self.init(
                status: .serviceUnavailable, kind: .overloaded, message: message, retryAfterSeconds: seconds)
        case .noModel, .shuttingDown:
            self.init(
                status: .serviceUnavailable, kind: .unhealthy, message: message, retryAfterSeconds: 5)
        case .versionNotLoaded:
            self.init(status: .badRequest, kind: .validation, message: message)
        case .otherInput:
            self.init(status: .unprocessableContent, kind: .validation, message: message)
        case .abandoned:
            self.init(status: .init(code: 499), kind: .backend, message: message)
        }
    }

    fileprivate init(_ error: ControlError) {
        let status: HTTPResponse.Status =
            switch error {
            case .noSuchSource, .noSuchVersion, .noSuchRun: .notFound
            case .reasonMissing, .versionMissing, .noSuchLevel, .meaningless, .unusable: .unprocessableContent
            case .sourceFailed: .badGateway
            case .noModel, .alreadyLive, .nothingToRollBackTo, .runUnderWay, .notEnoughRows, .refused,
                .judging, .notComparable:
                .conflict
            case .storageFull: .init(code: 507)
            }
        let isFull = status.code == 507
        self.init(
            status: status, kind: isFull ? .storage : .validation, message: error.description,
            retryAfterSeconds: isFull ? 60 : nil)
    }
}

extension ErrorResponse.Kind {
    fileprivate init(_ status: HTTPResponse.Status) {
        switch status {
        case .notFound, .methodNotAllowed: self = .notFound
        case .contentTooLarge: self = .tooLarge
        default: self = .validation
        }
    }
}

extension HTTPResponseError {
    fileprivate var sentence: String {
        if let error = self as? HTTPError, let body = error.body { return body }
        return switch status {
        case .notFound: "there is nothing at this path: GET /info tells what this server offers"
        case .contentTooLarge: "the body is larger than server.limits.body allows"
        default: status.reasonPhrase
        }
    }
}
