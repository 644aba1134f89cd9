import Corpus
public import FoundationEssentials
public import Logging
import Synchronization

/// Fetches the pages of sources, politely: with conditions, time-outs, limits and pauses.
public final class Fetcher: Sendable {
    private let log: Logger
    private let userAgent: String
    private let backoff = Backoff()
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void
    private let uniform: @Sendable () -> Double

    /// - Parameters:
    ///   - userAgent: as servers see it, `honed/<version>`.
    ///   - sleep: waits before a request is made again.
    ///   - uniform: a number in [0, 1) for the jitter of that wait.
    public init(
        logger: Logger, userAgent: String = "honed", now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        uniform: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        log = logger
        self.userAgent = userAgent
        self.now = now
        self.sleep = sleep
        self.uniform = uniform
    }

    /// Fetches the next page of a source.
    ///
    /// The page is whole or it is not delivered: whatever goes wrong is thrown, and `state` is still
    /// where the next fetch begins.
    ///
    /// - Throws: `IngestError` after the last attempt, `CancellationError` when the task is cancelled.
    public func fetch(_ source: Source, from state: SourceState) async throws -> Page {
        let request = try PageRequest(source, from: state)
        var attempt = 0
        while true {
            do {
                return try await request.address.scheme == .file ? readFile(request) : exchange(request)
            } catch let error as IngestError where error.isTransient {
                guard attempt < source.retries else {
                    throw attempt == 0 ? error : IngestError.gaveUp(attempts: attempt + 1, last: error)
                }
                let pause = backoff.delay(
                    afterFailure: attempt, retryAfter: error.retryAfter, uniform: uniform())
                log.notice(
                    "source \(source.name) is asked again in \(pause.seconds): \(error)",
                    metadata: ["attempt": "\(attempt + 2)", "attempts": "\(source.retries + 1)"])
                try await sleep(pause)
                attempt += 1
            }
        }
    }

    // MARK: HTTP

    private func exchange(_ request: PageRequest) async throws -> Page {
        let source = request.source
        let secret = try source.credentials.field { log.warning("source \(source.name): \($0)") }
        let clock = ContinuousClock()
        let deadline = clock.now + source.totalTimeout
        var address = request.address
        var redirects = 0
        while true {
            let isAtHome = address.hasSameOrigin(as: request.address)
            var transfer = self.transfer(
                request, to: address, headers: isAtHome ? request.headers : request.plainHeaders)
            if isAtHome, let secret { transfer.headers.append(secret) }
            transfer.totalTimeout = max(deadline - clock.now, .milliseconds(1))
            let sink = PageSink(request)
            let result = try await CurlLoop.network.run(transfer, into: sink)
            guard let target = result.redirect, [301, 302, 303, 307, 308].contains(result.head.statusCode)
            else {
                transfer.totalTimeout = source.totalTimeout
                return try conclude(sink.reading, result, transfer, request)
            }
            redirects += 1
            address = try address.following(
                target, redirects: redirects, limit: source.limits.maximumRedirects)
        }
    }

    private func transfer(_ request: PageRequest, to address: Address, headers: [HeaderField])
        -> TransferRequest
    {
        let source = request.source
        return TransferRequest(
            url: address.url, isDirect: address.isLoopback, headers: headers, userAgent: userAgent,
            acceptsEncodings: request.position == nil,
            range: request.range.map { "\($0.lowerBound)-\($0.upperBound)" },
            connectTimeout: source.connectTimeout,
            totalTimeout: source.totalTimeout, stallTimeout: source.stallTimeout,
            maximumBytes: request.maximumBytes, maximumWireBytes: request.maximumWireBytes,
            caFile: source.caFile)
    }

    private func conclude(
        _ reading: PageReading, _ result: TransferResult, _ transfer: TransferRequest, _ request: PageRequest
    ) throws -> Page {
        var reading = reading
        if let problem = reading.problem { throw problem }
        let place = request.address.scheme == .file ? request.address.filePath : request.address.printable
        switch result.end {
        case .complete, .stopped: break
        // What an error page weighs, or whether it was cut, does not matter: its status does.
        case _ where result.head.statusCode >= 300: throw reading.refusal(result.head, now: now())
        case .overLimit(let part, let limit): throw IngestError.tooLarge(url: place, part: part, limit: limit)
        case .failed(let failure): throw failure.error(at: place, transfer)
        case .cancelled: throw CancellationError()
        }
        return try reading.page(now: now())
    }

    // MARK: Files

    private func readFile(_ request: PageRequest) async throws -> Page {
        let path = request.address.filePath
        guard let facts = FileFacts(path) else {
            throw IngestError.fileUnreadable(
                path: path, why: "it does not exist, or its folder is closed to this user")
        }
        // A pipe or a device could keep the thread for ever.
        guard facts.isRegular else {
            throw IngestError.fileUnreadable(path: path, why: "it is not a regular file")
        }
        if request.state.etag == facts.identity { return .nothingNew(request.state, statusCode: 304) }
        var transfer = self.transfer(request, to: request.address, headers: [])
        if let position = request.position {
            guard position.offset <= facts.size else {
                return .nothingNew(
                    SourceState(cursor: ByteOffset(offset: 0).cursor), statusCode: 200, hasMore: true)
            }
            guard position.offset < facts.size else { return .nothingNew(request.state, statusCode: 200) }
            let end = min(request.range?.upperBound ?? .max, facts.size - 1)
            transfer.range = "\(position.offset)-\(end)"
        }
        let sink = PageSink(request)
        let result = try await CurlLoop.files.run(transfer, into: sink)
        var page = try conclude(sink.reading, result, transfer, request)
        // The file may have grown since; then its identity has changed, and it is read again.
        page.next.etag = page.hasMore ? nil : facts.identity
        page.next.lastModified = nil
        return page
    }
}

extension PageRequest {
    /// For another host than the source's, which is told nothing that was meant for it.
    fileprivate var plainHeaders: [HeaderField] { headers.filter { $0.name == "Accept" } }

    /// A window of a growing file is cut by the request; a server that ignores ranges sends all of it.
    fileprivate var maximumBytes: Int {
        let (sum, overflows) = source.limits.maximumBytes.addingReportingOverflow(position?.offset ?? 0)
        return overflows ? .max : sum
    }

    fileprivate var maximumWireBytes: Int {
        address.scheme == .file ? .max : source.limits.maximumWireBytes
    }
}

extension Address {
    /// The target of a redirect.
    ///
    /// - Throws: `IngestError.redirectRefused` for one too many, for another protocol than HTTP, and
    ///   for the way from https back to http.
    package func following(_ target: String, redirects: Int, limit: Int) throws(IngestError) -> Address {
        func refused(_ why: String) -> IngestError {
            let shown = target.prefix { $0 != "?" && $0 != "#" }.prefix(300)
            return .redirectRefused(url: printable, target: String(shown).readable, why: why)
        }
        guard redirects <= limit else {
            throw refused("it would be redirect number \(redirects), and \(limit) are allowed")
        }
        let next: Address
        do { next = try Address(target) } catch { throw refused("\(error)") }
        guard next.scheme != .file else { throw refused("a server may not point to a file of this machine") }
        guard scheme == .http || next.scheme == .https else {
            throw refused("it leads from https back to http")
        }
        return next
    }
}

/// Hands what libcurl brings to a `PageReading`.
private final class PageSink: BodySink {
    private let state: Mutex<PageReading>

    init(_ request: PageRequest) {
        state = Mutex(PageReading(request))
    }

    /// To be asked when the transfer has ended.
    var reading: PageReading { state.withLock { $0 } }

    func begin(_ head: ResponseHead) -> BodyFlow { state.withLock { $0.begin(head) } }

    func receive(_ bytes: [UInt8]) -> BodyFlow { state.withLock { $0.receive(bytes) } }
}
