import CCurl
import Glibc
import Synchronization

/// Transfers that run side by side on one thread of their own, driven by libcurl's multi interface.
///
/// No thread of Swift's cooperative pool ever waits for a socket or a disk: a task suspends, and is
/// resumed when its transfer has ended. All libcurl handles belong to the one thread; requests
/// reach it through an inbox, and `curl_multi_wakeup`, which any thread may call, wakes it.
///
/// Source: https://curl.se/libcurl/c/libcurl-multi.html
final class CurlLoop: Sendable {
    static let network = CurlLoop()
    /// libcurl reads a file in one go, in which time no other transfer on the thread advances.
    static let files = CurlLoop()

    private enum Command: Sendable {
        case start(UInt64, TransferRequest, any BodySink, CheckedContinuation<TransferResult, Never>)
        case cancel(UInt64)
    }

    @safe private struct Inbox {
        var commands: [Command] = []
        var lastID: UInt64 = 0
        /// The multi handle, for waking alone; `nil` where the thread could not be started.
        var bell: UnsafeMutableRawPointer?
    }

    private let inbox: Mutex<Inbox>

    private init() {
        let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
        unsafe inbox = Mutex(Inbox(bell: isReady ? curl_multi_init() : nil))
        // The loops live as long as the process, so the thread never gives this reference back.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let failure = unsafe pthread_create(
            &thread, nil,
            { context in
                let loop = unsafe Unmanaged<CurlLoop>.fromOpaque(context!).takeUnretainedValue()
                loop.run()
                return nil
            }, context)
        if failure != 0 { inbox.withLock { unsafe $0.bell = nil } }
    }

    /// Runs a transfer to its end.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, which ends the transfer at once.
    func run(_ request: TransferRequest, into sink: any BodySink) async throws -> TransferResult {
        let id = inbox.withLock {
            $0.lastID += 1
            return $0.lastID
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                send(.start(id, request, sink, continuation))
                // A cancellation that came before the start found nothing to cancel.
                if Task.isCancelled { send(.cancel(id)) }
            }
        } onCancel: {
            send(.cancel(id))
        }
        if result.end == .cancelled { throw CancellationError() }
        return result
    }

    private func send(_ command: Command) {
        let isRunning = inbox.withLock {
            guard let bell = unsafe $0.bell else { return false }
            $0.commands.append(command)
            unsafe curl_multi_wakeup(bell)
            return true
        }
        if !isRunning, case .start(_, _, _, let continuation) = command {
            continuation.resume(returning: .notStarted("the transfer thread could not be started"))
        }
    }

    // MARK: On the thread

    private struct Running {
        let transfer: CurlTransfer
        let continuation: CheckedContinuation<TransferResult, Never>
    }

    private func run() {
        // Signals belong to the main thread; a broken TLS connection would raise SIGPIPE here.
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
        guard let multi = unsafe inbox.withLock({ unsafe $0.bell }) else { return }

        var running: [UInt64: Running] = [:]
        while true {
            let commands = inbox.withLock { inbox in
                defer { inbox.commands = [] }
                return inbox.commands
            }
            for command in commands {
                switch command {
                case .start(let id, let request, let sink, let continuation):
                    running[id] = unsafe start(request, sink, continuation, on: multi)
                case .cancel(let id):
                    if let one = running.removeValue(forKey: id) {
                        unsafe curl_multi_remove_handle(multi, one.transfer.handle)
                        one.continuation.resume(
                            returning: TransferResult(end: .cancelled, head: ResponseHead()))
                    }
                }
            }
            var count: Int32 = 0
            unsafe curl_multi_perform(multi, &count)
            unsafe resumeFinished(&running, on: multi)
            // It returns at once when a socket is ready, a timer of libcurl is due, or the bell rings.
            unsafe curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
    }

    private func start(
        _ request: TransferRequest, _ sink: any BodySink,
        _ continuation: CheckedContinuation<TransferResult, Never>,
        on multi: UnsafeMutableRawPointer
    ) -> Running? {
        guard let transfer = CurlTransfer(request, into: sink) else {
            continuation.resume(returning: .notStarted("libcurl has no memory left"))
            return nil
        }
        if let end = transfer.prepare() {
            continuation.resume(returning: TransferResult(end: end, head: ResponseHead()))
            return nil
        }
        guard unsafe curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            continuation.resume(returning: .notStarted("libcurl refuses another transfer"))
            return nil
        }
        return Running(transfer: transfer, continuation: continuation)
    }

    private func resumeFinished(_ running: inout [UInt64: Running], on multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle
            else { continue }
            // Removing the handle frees the message.
            let code = unsafe ccurl_result(message)
            unsafe curl_multi_remove_handle(multi, handle)
            guard let id = running.first(where: { unsafe $0.value.transfer.handle == handle })?.key,
                let one = running.removeValue(forKey: id)
            else { continue }
            one.continuation.resume(returning: one.transfer.result(code))
        }
    }
}

extension TransferResult {
    fileprivate static func notStarted(_ why: String) -> TransferResult {
        TransferResult(end: .failed(TransferFailure(kind: .connectionLost, why: why)), head: ResponseHead())
    }
}
