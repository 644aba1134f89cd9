import Corpus
import FoundationEssentials
import Glibc

/// Asks a hub that speaks as Hugging Face's does.
///
/// The token is told to the endpoint alone: large files lie elsewhere, where a redirect leads.
public struct HubClient: Sendable {
    private let endpoint: Address
    private let token: String?
    private let userAgent: String
    private let attempts: Int
    private let backoff = Backoff()
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - attempts: how often a file is asked for that does not come whole.
    ///   - sleep: waits before it is asked for again.
    /// - Throws: `HubError.badEndpoint`.
    public init(
        endpoint: String = "https://huggingface.co", token: String? = nil, userAgent: String = "hone",
        attempts: Int = 5,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws(HubError) {
        let trimmed = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        do {
            self.endpoint = try Address(trimmed)
        } catch {
            throw .badEndpoint(trimmed.readable, why: "it is no address")
        }
        guard self.endpoint.scheme != .file else { throw .badEndpoint(trimmed.readable, why: "it is a file") }
        if let token, !HeaderField.isValue(token) {
            throw .badEndpoint(trimmed.readable, why: "HF_TOKEN holds characters that no header may carry")
        }
        self.token = token
        self.userAgent = userAgent
        self.attempts = attempts
        self.sleep = sleep
    }

    /// What a model consists of.
    ///
    /// - Throws: `HubError`, `CancellationError`.
    public func snapshot(of model: HubModel) async throws -> HubSnapshot {
        let sink = CollectedBody()
        let result = try await follow(model.listingPath, range: nil, limit: 32 << 20, into: sink)
        try check(result, what: "model \(model)")
        if case .failed(let failure) = result.end { throw unreachable(failure) }
        guard result.end == .complete else { throw HubError.notAHub(endpoint.printable) }
        return try HubSnapshot(parsing: sink.bytes, of: model, at: endpoint.printable)
    }

    /// Fetches one file; what is there of it already is not fetched again.
    ///
    /// - Parameters:
    ///   - path: where it goes; it is there once it is whole and as the hub says, and beside it as
    ///     `.part` until then.
    ///   - progress: is told how many bytes there are, on another thread.
    /// - Throws: `HubError`, `CancellationError`.
    public func download(
        _ file: HubSnapshot.File, of model: HubModel, commit: String, to path: String,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        if FileFacts(path) != nil, (try? check(file, at: path)) != nil {
            return progress(file.size ?? FileFacts(path)?.size ?? 0)
        }
        let part = path + ".part"
        let place = model.path(of: file.name, commit: commit)
        for attempt in 1... {
            guard let failure = try await receive(file, place, part, progress) else { break }
            guard attempt < attempts else {
                throw HubError.broken(file.name, why: failure.why.readable, attempts: attempt)
            }
            try await sleep(backoff.delay(afterFailure: attempt - 1, retryAfter: nil, uniform: 1))
        }
        do {
            try check(file, at: part)
        } catch {
            // It would be wrong again.
            unsafe unlink(part)
            throw error
        }
        guard unsafe rename(part, path) == 0 else { throw HubError.unwritable(path, why: lastError()) }
    }

    /// - Returns: why the file is not whole yet, where it is worth another attempt.
    private func receive(
        _ file: HubSnapshot.File, _ place: String, _ part: String,
        _ progress: @escaping @Sendable (Int) -> Void
    ) async throws -> TransferFailure? {
        var start = FileFacts(part)?.size ?? 0
        if let size = file.size, start > size { start = 0 }
        if let size = file.size, start == size, size > 0 { return nil }
        let sink = try HubFile(part, from: start, progress)
        // Room also for what a redirect or an error says.
        let limit = file.size.map { max($0, start + 1 << 16) } ?? 1 << 44
        let result = try await follow(
            place, range: start > 0 ? "\(start)-" : nil, limit: limit, into: sink)
        let end = sink.finish()
        if result.head.statusCode == 416 {
            // There is no such range: the part is none of this file.
            unsafe unlink(part)
            return TransferFailure(kind: .truncated, why: "the hub does not know the rest of it")
        }
        if (500..<600).contains(result.head.statusCode) || result.head.statusCode == 429 {
            return TransferFailure(
                kind: .connectionLost, why: "the hub answered with status \(result.head.statusCode)")
        }
        try check(result, what: "file \(file.name)")
        if let problem = end { throw problem }
        switch result.end {
        case .complete: return nil
        case .failed(let failure) where failure.isWorthAnother: return failure
        case .failed(let failure): throw unreachable(failure)
        case .overLimit, .stopped:
            throw HubError.otherSize(file.name, bytes: sink.count, expected: file.size ?? 0)
        case .cancelled: throw CancellationError()
        }
    }

    private func check(_ file: HubSnapshot.File, at path: String) throws(HubError) {
        let bytes = FileFacts(path)?.size ?? 0
        if let size = file.size, size != bytes {
            throw .otherSize(file.name, bytes: bytes, expected: size)
        }
        let found: String
        do {
            guard let expected = file.sha256 ?? file.blobHash else { return }
            found =
                file.sha256 != nil ? try ContentHash.ofFile(path).hex : try gitBlobHash(ofFile: path)
            guard found != expected else { return }
        } catch {
            throw .unwritable(path, why: "it cannot be read again: \(error)")
        }
        throw .otherContent(file.name, found: found, expected: file.sha256 ?? file.blobHash ?? "")
    }

    /// What statuses mean; 2xx passes.
    private func check(_ result: TransferResult, what: String) throws(HubError) {
        let place = endpoint.printable
        switch result.head.statusCode {
        case 0..<300: return
        case 404: throw .notFound(what, at: place)
        case 401, 403: throw .refused(what, at: place, hasToken: token != nil)
        case let code: throw .status(place, code: code)
        }
    }

    private func unreachable(_ failure: TransferFailure) -> HubError {
        .unreachable(endpoint.printable, why: failure.why.readable)
    }

    /// Asks for a path, and goes where redirects lead.
    private func follow(
        _ path: String, range: String?, limit: Int, into sink: any BodySink
    ) async throws -> TransferResult {
        var address: Address
        do { address = try Address(endpoint.url + path) } catch {
            throw HubError.badEndpoint(endpoint.printable, why: "\(error)")
        }
        var redirects = 0
        while true {
            var headers: [HeaderField] = []
            if let token, address.hasSameOrigin(as: endpoint) {
                headers.append(HeaderField("Authorization", "Bearer " + token))
            }
            let transfer = TransferRequest(
                url: address.url, isDirect: address.isLoopback, headers: headers, userAgent: userAgent,
                acceptsEncodings: false, range: range, connectTimeout: .seconds(20),
                totalTimeout: .seconds(7 * 86_400), stallTimeout: .seconds(60), maximumBytes: limit,
                maximumWireBytes: limit)
            let result = try await CurlLoop.network.run(transfer, into: sink)
            guard let target = result.redirect, [301, 302, 303, 307, 308].contains(result.head.statusCode)
            else { return result }
            redirects += 1
            do {
                address = try address.following(target, redirects: redirects, limit: 5)
            } catch {
                throw HubError.unreachable(address.printable, why: "\(error)")
            }
        }
    }
}

extension TransferFailure {
    fileprivate var isWorthAnother: Bool {
        switch kind {
        case .connectionLost, .truncated, .timedOut, .unreachable: true
        default: false
        }
    }
}

/// The system's words for what it refused last.
func lastError() -> String { unsafe String(cString: strerror(errno)) }
