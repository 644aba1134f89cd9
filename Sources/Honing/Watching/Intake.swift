import Corpus
public import Foundation
public import Ingest
public import Logging
public import ServiceLifecycle
public import Store
import Transformers

/// Brings labelled rows in: asks each source at its interval, page by page, and stores rows and
/// cursor together.
public actor Intake: Service {
    private let store: Database
    private let fetcher: Fetcher
    private let log: Logger
    private let now: @Sendable () -> Date
    private let live: @Sendable () -> LiveModel?
    private let arrived: @Sendable () -> Void
    private var sources: [String: Source]
    /// Sources that are being fetched, and who waits to fetch them next.
    private var busy: [String: [CheckedContinuation<Void, Never>]] = [:]
    private let (changes, changed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameters:
    ///   - live: the model that answers now, whose labels rows must have.
    ///   - arrived: is called when new labelled rows lie in the store.
    public init(
        sources: [Source], store: Database, fetcher: Fetcher, log: Logger,
        now: @escaping @Sendable () -> Date = { Date() },
        live: @escaping @Sendable () -> LiveModel?, arrived: @escaping @Sendable () -> Void
    ) {
        self.sources = Dictionary(sources.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        self.store = store
        self.fetcher = fetcher
        self.log = log
        self.now = now
        self.live = live
        self.arrived = arrived
    }

    public var sourceNames: [String] { sources.keys.sorted() }

    /// Replaces the sources; what is under way ends first, cursors stay where they are.
    public func apply(_ sources: [Source]) {
        self.sources = Dictionary(sources.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        changed.yield()
    }

    public func run() async throws {
        var goesOn = true
        while goesOn {
            goesOn = await withTaskGroup(of: Bool.self) { group in
                for source in sources.values {
                    group.addTask {
                        await self.follow(source)
                        return true
                    }
                }
                // Followers go on until they are cancelled: what ends first is the wait for a change.
                group.addTask { [changes] in
                    await changes.cancelOnGracefulShutdown().first { _ in true } != nil
                }
                let isChange = await group.next() ?? false
                group.cancelAll()
                return isChange
            }
        }
    }

    private func follow(_ source: Source) async {
        while !Task.isCancelled {
            do {
                var receipt = Receipt(source: source.name)
                try await fetchAll(source, &receipt)
            } catch is CancellationError {
                return
            } catch {
                log.warning("source \(source.name) gave nothing: \(error)")
            }
            try? await Task.sleep(for: source.interval)
        }
    }

    // MARK: Fetching

    /// What one round of fetching brought.
    public struct Receipt: Codable, Sendable, Equatable {
        public var source: String
        public var pages = 0
        public var inserted = 0
        public var duplicates = 0
        public var quarantined = 0
        /// Whether the round was full before the source was through: the next one goes on there.
        public var hasMore = false
        /// Why the round ended early; what its earlier pages brought stays.
        public var error: String?
    }

    /// Fetches a source now, page after page until it has no more or the round is full.
    ///
    /// - Throws: `ControlError.noSuchSource`. What goes wrong with the source itself is told by the
    ///   receipt, so that of several sources one does not stand for all.
    public func fetch(_ name: String) async throws -> Receipt {
        guard let source = sources[name] else {
            throw ControlError.noSuchSource(name, known: sourceNames)
        }
        var receipt = Receipt(source: name)
        do { try await fetchAll(source, &receipt) } catch let error as CancellationError { throw error } catch
        {
            receipt.error = "\(error)"
        }
        return receipt
    }

    private func fetchAll(_ source: Source, _ receipt: inout Receipt) async throws {
        await enter(source.name)
        defer { leave(source.name) }
        do {
            var source = source
            source.task = live()?.task ?? .textClassification
            let state = try await store.state(of: source.name)
            receipt.hasMore = try await fetcher.fetchRound(source, from: state) { page in
                let (usable, unknown) = sorted(page.examples)
                let stored = try await store.recordPage(
                    source: source.name, examples: usable, rejected: page.rejected + unknown,
                    state: page.next.json, at: now())
                receipt.pages += 1
                receipt.inserted += stored.inserted.count
                receipt.duplicates += stored.duplicates
                receipt.quarantined += stored.quarantined
                if !stored.inserted.isEmpty { arrived() }
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            // The failure itself may be that the store cannot be written.
            try? await store.recordSourceFailure(source: source.name, error: "\(error)", at: now())
            throw error
        }
        if receipt.inserted + receipt.quarantined > 0 {
            log.info(
                "source \(source.name)",
                metadata: [
                    "pages": "\(receipt.pages)", "new": "\(receipt.inserted)",
                    "known": "\(receipt.duplicates)", "quarantined": "\(receipt.quarantined)",
                ])
        }
        if receipt.hasMore {
            log.notice(
                """
                source \(source.name) has more than the \(receipt.pages) pages of one round \
                (limits.pages_per_round); it goes on in \(source.interval)
                """)
        }
    }

    /// Sets rows apart that the live model cannot be judged by, such as those of a label that it cannot give:
    /// they would count as wrong for ever, and could not be trained on.
    private func sorted(_ examples: [Example]) -> (usable: [Example], unknown: [RejectedRow]) {
        guard let model = live()?.served else { return (examples, []) }
        var usable: [Example] = []
        var unknown: [RejectedRow] = []
        for (index, example) in examples.enumerated() {
            // What nobody labelled is set apart by the store.
            if example.target != nil, let reason = model.objection(to: example) {
                unknown.append(
                    RejectedRow(line: index + 1, reason: reason, excerpt: String(example.text.prefix(200))))
            } else {
                usable.append(example)
            }
        }
        return (usable, unknown)
    }

    /// Waits until nobody else fetches the source: two rounds at once would read the same cursor.
    private func enter(_ source: String) async {
        guard busy[source] != nil else {
            busy[source] = []
            return
        }
        await withCheckedContinuation { busy[source]?.append($0) }
    }

    private func leave(_ source: String) {
        if busy[source]?.isEmpty == false {
            busy[source]?.removeFirst().resume()
        } else {
            busy[source] = nil
        }
    }
}

extension Database {
    /// Where a source left off; the beginning for one that was never read.
    fileprivate func state(of source: String) async throws -> SourceState {
        guard let json = try await sources().first(where: { $0.name == source })?.state else {
            return SourceState()
        }
        return try JSONDecoder().decode(SourceState.self, from: Data(json.utf8))
    }
}

extension SourceState {
    fileprivate var json: String {
        // A struct of three optional strings always encodes.
        let bytes = (try? JSONEncoder().encode(self)) ?? Data("{}".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }
}
