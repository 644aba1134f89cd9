import HTTPTypes
import Honing
package import Hummingbird
import Synchronization

/// What every route knows about its request.
package struct HoneContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The id that the answer carries and that later feedback names.
    var requestID = ""

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("x-request-id")!
    static let modelVersion = HTTPField.Name("x-model-version")!
}

/// Gives each request an id and each answer the id and the model version.
///
/// A client's own id is kept when it is short and plain; it must be unique for feedback to find the
/// right prediction, so anything else is replaced.
struct RequestIdentity: RouterMiddleware {
    let loop: Loop

    func handle(
        _ request: Request, context: HoneContext,
        next: (Request, HoneContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = request.headers[.requestID].flatMap(Self.accepted) ?? Self.fresh()
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            // Errors carry the id too: they are what people ask about.
            response = try error.response(from: request, context: context)
        }
        response.headers[.requestID] = context.requestID
        if response.headers[.modelVersion] == nil, let live = loop.predictor.slot.current {
            response.headers[.modelVersion] = "\(live.version)"
        }
        return response
    }

    private static func accepted(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain && (1...64).contains(id.utf8.count) ? id : nil
    }

    private static func fresh() -> String {
        var random = SystemRandomNumberGenerator()
        let digits = String(random.next(), radix: 36)
        return String(repeating: "0", count: max(0, 13 - digits.count)) + digits
    }
}
