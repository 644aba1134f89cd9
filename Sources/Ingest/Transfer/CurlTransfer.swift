import CCurl
import Glibc

// With CurlLoop.swift the only file of this module that touches memory by address.

/// One libcurl easy handle with its callbacks. It is made, used and ended on the loop's thread.
@safe final class CurlTransfer {
    let handle: UnsafeMutableRawPointer
    private let request: TransferRequest
    private let sink: any BodySink
    private var reader = HeadReader()
    private var hasBegun = false
    private var received = 0
    /// Why a callback ended the transfer.
    private var verdict: TransferEnd?
    private var list: UnsafeMutablePointer<curl_slist>?
    private let message: UnsafeMutablePointer<CChar>

    /// `nil` where libcurl has no memory left for a handle.
    init?(_ request: TransferRequest, into sink: any BodySink) {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = unsafe handle
        self.request = request
        self.sink = sink
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(list)
        unsafe message.deallocate()
    }

    // MARK: Before

    /// Tells libcurl everything about the request.
    ///
    /// - Returns: a failure where it would not have it.
    func prepare() -> TransferEnd? {
        for field in request.headers
        where !HeaderField.isName(field.name) || !HeaderField.isValue(field.value) {
            return .failed(
                TransferFailure(
                    kind: .invalidRequest, why: "the header \(field.name) holds forbidden characters"))
        }
        var code = CURLE_OK
        func note(_ next: CURLcode) { if code == CURLE_OK { code = next } }
        func set(_ option: CURLoption, _ value: Int) { note(unsafe ccurl_set_long(handle, option, value)) }
        func set(_ option: CURLoption, _ value: String?) {
            note(unsafe ccurl_set_string(handle, option, value))
        }

        unsafe note(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, message))
        set(CURLOPT_URL, request.url)
        // Redirects are followed by hand, where it is decided anew what the next host may be told.
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, isHTTP ? "http,https" : "file")
        set(CURLOPT_HTTP09_ALLOWED, 0)
        // Signals cannot be used where there are threads.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_USERAGENT, request.userAgent)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_UNIX_SOCKET_PATH, request.unixSocket)
        if request.isDirect { set(CURLOPT_NOPROXY, "*") }

        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let caFile = request.caFile {
            set(CURLOPT_CAINFO, caFile)
            // The system's folder of authorities would be trusted beside the file.
            set(CURLOPT_CAPATH, nil)
        }

        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        set(CURLOPT_TIMEOUT_MS, request.totalTimeout.milliseconds)
        if let stall = request.stallTimeout {
            set(CURLOPT_LOW_SPEED_LIMIT, 1)
            set(CURLOPT_LOW_SPEED_TIME, max(1, stall.milliseconds / 1_000))
        }
        note(unsafe ccurl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.maximumWireBytes)))
        if request.acceptsEncodings { set(CURLOPT_ACCEPT_ENCODING, "") }
        set(CURLOPT_RANGE, request.range)
        prepareMethod(note)
        prepareHeaders(note)
        prepareCallbacks(note)
        guard code != CURLE_OK else { return nil }
        return .failed(TransferFailure(kind: .invalidRequest, why: words(for: code)))
    }

    private func prepareMethod(_ note: (CURLcode) -> Void) {
        if request.method == "HEAD" { note(unsafe ccurl_set_long(handle, CURLOPT_NOBODY, 1)) }
        guard request.method != "GET", request.method != "HEAD" else { return }
        note(unsafe ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        note(
            unsafe request.body.withUnsafeBytes {
                unsafe ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            })
        note(unsafe ccurl_set_long(handle, CURLOPT_POST, 1))
        if request.method != "POST" {
            note(unsafe ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method))
        }
    }

    private func prepareHeaders(_ note: (CURLcode) -> Void) {
        // A server that ignores "Expect: 100-continue" costs a second, and none of ours needs it.
        var lines = request.method == "GET" ? [] : ["Expect:"]
        // libcurl's way to send a header without a value is a semicolon; a colon would remove it.
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else { return note(CURLE_OUT_OF_MEMORY) }
            unsafe list = unsafe longer
        }
        note(unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, list))
    }

    private func prepareCallbacks(_ note: (CURLcode) -> Void) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        note(unsafe ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        note(
            unsafe ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
                unsafe CurlTransfer.of(context).takeHeader(CurlTransfer.copy(bytes, count)) ? count : 0
            })
        note(unsafe ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        note(
            unsafe ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
                // Any other number than the count makes libcurl end the transfer; an empty body is none.
                unsafe CurlTransfer.of(context).takeBody(CurlTransfer.copy(bytes, count)) ? count : count &+ 1
            })
        note(unsafe ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context))
        note(unsafe ccurl_set_long(handle, CURLOPT_NOPROGRESS, 0))
        note(
            unsafe ccurl_set_progress(handle) { context, _, downloaded, _, _ in
                unsafe CurlTransfer.of(context).mayGoOn(downloaded) ? 0 : 1
            })
        // A child process that is started meanwhile must not inherit the connection.
        note(
            unsafe ccurl_set_socket_options(handle) { _, socket, _ in
                fcntl(socket, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR
            })
    }

    private var isHTTP: Bool { !request.url.lowercased().hasPrefix("file:") }

    // MARK: During

    /// The transfer behind a callback's context. The loop holds it for as long as the handle lives.
    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
    }

    private static func copy(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    private func takeHeader(_ line: [UInt8]) -> Bool {
        switch reader.take(line) {
        case .incomplete: true
        case .complete: begin()
        case .tooLarge: end(.overLimit(.head, limit: HeadReader.maximumBytes))
        }
    }

    private func takeBody(_ bytes: [UInt8]) -> Bool {
        guard hasBegun || begin() else { return false }
        received += bytes.count
        guard received <= request.maximumBytes else {
            return end(.overLimit(.body, limit: request.maximumBytes))
        }
        return sink.receive(bytes) == .proceed || end(.stopped)
    }

    private func mayGoOn(_ downloaded: curl_off_t) -> Bool {
        downloaded <= request.maximumWireBytes || end(.overLimit(.wire, limit: request.maximumWireBytes))
    }

    private func begin() -> Bool {
        hasBegun = true
        return sink.begin(reader.head) == .proceed || end(.stopped)
    }

    /// Remembers why, and says no.
    private func end(_ verdict: TransferEnd) -> Bool {
        if self.verdict == nil { self.verdict = verdict }
        return false
    }

    // MARK: After

    func result(_ code: CURLcode) -> TransferResult {
        TransferResult(end: verdict ?? ending(code), head: reader.head, redirect: redirect)
    }

    private func ending(_ code: CURLcode) -> TransferEnd {
        if code == CURLE_FILESIZE_EXCEEDED { return .overLimit(.wire, limit: request.maximumWireBytes) }
        guard code == CURLE_OK else {
            return .failed(TransferFailure(kind: .init(code, phase: phase), why: words(for: code)))
        }
        // A body that came in one piece was never seen by the progress callback.
        let wire = fact(CURLINFO_SIZE_DOWNLOAD_T)
        if wire > request.maximumWireBytes { return .overLimit(.wire, limit: request.maximumWireBytes) }
        // libcurl is content when a connection is closed within the head.
        if isHTTP, !reader.isComplete {
            return .failed(
                TransferFailure(kind: .connectionLost, why: "it was closed within the head of the answer"))
        }
        if !hasBegun, !begin() { return verdict ?? .stopped }
        return .complete
    }

    /// Where a transfer stands whose time is over.
    private var phase: IngestError.Phase {
        // Both are in microseconds; libcurl's timers may fire a little early.
        if fact(CURLINFO_TOTAL_TIME_T) >= request.totalTimeout.milliseconds * 1_000 - 5_000 { return .total }
        return fact(CURLINFO_PRETRANSFER_TIME_T) == 0 ? .connecting : .stalled
    }

    private var redirect: String? {
        var text: UnsafePointer<CChar>?
        guard unsafe ccurl_get_string(handle, CURLINFO_REDIRECT_URL, &text) == CURLE_OK,
            let text = unsafe text
        else {
            return nil
        }
        return unsafe String(cString: text)
    }

    private func fact(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return unsafe ccurl_get_offset(handle, info, &value) == CURLE_OK ? Int(value) : 0
    }

    private func words(for code: CURLcode) -> String {
        let own = unsafe String(cString: message)
        return own.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : own
    }
}

extension Duration {
    /// At least one, since libcurl takes zero for "no limit".
    fileprivate var milliseconds: Int {
        let value = self / .milliseconds(1)
        return Int(min(max(value.rounded(), 1), 1e12))
    }
}
