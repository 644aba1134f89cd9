package import Foundation
package import Ingest
package import Logging
public import ServiceLifecycle
package import Store

/// Tells whoever wants to know what happened: an alarm, a promotion, a refusal, a rollback, a source that
/// fails.
///
/// Every two seconds it reads what happened from the store, puts what is to be said into the outbox in one
/// transaction, and sends what is due. A message leaves the outbox when it was accepted, so that it is
/// delivered at least once; of each event a channel has one message, so that it is told once, however often
/// the daemon is killed. Only where that happens between an acceptance and its note is it sent again, under
/// the same name.
public actor Alerter: Service {
    private let store: Database
    private let modelName: String
    private let home: String
    private let report: @Sendable (Date) async throws -> DriftReport
    private let folder: String
    private let log: Logger
    private let client: WebClient
    private let policy: AlertPolicy
    private let now: @Sendable () -> Date
    private var settings: AlertSettings
    /// The channels, once the store knows them; nil after the settings changed.
    private var channels: [AlertChannel]?
    private var routes: [String: AlertRoute] = [:]
    /// What became of messages that could not be noted yet: they are not sent again meanwhile.
    private var unsettled: [Int64: Settlement] = [:]

    /// What went wrong in the last round.
    private var trouble: String?

    private enum Settlement {
        case delivered(at: Date)
        case failed(why: String, next: Date?, at: Date)
    }

    /// Messages that are sent in one round.
    private static let mostAtOnce = 100

    /// - Parameters:
    ///   - report: what is known of the live version at a moment.
    ///   - home: the dashboard, where the settings name no other.
    ///   - folder: where the input and output of commands lie.
    package init(
        store: Database, settings: AlertSettings, modelName: String, home: String, folder: String,
        log: Logger, client: WebClient, policy: AlertPolicy = AlertPolicy(),
        now: @escaping @Sendable () -> Date = { Date() },
        report: @escaping @Sendable (Date) async throws -> DriftReport
    ) {
        self.store = store
        self.settings = settings
        self.modelName = modelName
        self.home = home
        self.folder = folder
        self.log = log
        self.client = client
        self.policy = policy
        self.now = now
        self.report = report
    }

    /// Tells others from now on, or of other things.
    package func apply(_ settings: AlertSettings) {
        self.settings = settings
        channels = nil
    }

    public func run() async throws {
        // What happens from here on is told, also before the first tick.
        await attempt { _ = try await self.open() }
        for await _ in AsyncStream<Void>.every(.seconds(2)).cancelOnGracefulShutdown() {
            await cancelWhenGracefulShutdown { await self.attempt { try await self.round() } }
        }
    }

    private func attempt(_ act: @Sendable () async throws -> Void) async {
        do {
            try await act()
            trouble = nil
        } catch is CancellationError {
        } catch {
            // Every two seconds the same would fill the log.
            if trouble != "\(error)" { log.error("alerts could not be looked after: \(error)") }
            trouble = "\(error)"
        }
    }

    /// Looks for what happened and sends what is due, once.
    package func round() async throws {
        let channels = try await open()
        guard !channels.isEmpty else { return }
        try await collect(for: channels)
        try await settle()
        try await send()
    }

    // MARK: What is to be said

    @discardableResult
    private func open() async throws -> [AlertChannel] {
        if let channels { return channels }
        let settings = settings
        let since = try await store.openAlertChannels(settings.kinds.map(\.name), at: now())
        let opened = settings.kinds.map {
            AlertChannel(name: $0.name, kinds: Set($0.kinds), since: since[$0.name] ?? now())
        }
        routes = settings.routes(folder: folder)
        // A reload during the wait has the last word.
        if settings == self.settings { channels = opened }
        return opened
    }

    private func collect(for channels: [AlertChannel]) async throws {
        let earliest = channels.map(\.since).min() ?? now()
        let events = try await store.alertEvents(
            since: max(earliest, now().addingTimeInterval(-policy.horizon)),
            sourceFailures: settings.sourceFailures)
        let told = try await store.channelsTold(of: events.map(\.id))
        let unsaid = policy.unsaid(events, to: channels, told: told)
        guard !unsaid.isEmpty else { return }
        let report = await reportIfPossible()
        let alerts = try unsaid.map { event, channel in
            StoredAlert(
                event: event.id, channel: channel, kind: event.kind.rawValue, at: event.at,
                body: try AlertMessage(event, report, model: modelName, link: settings.dashboard ?? home)
                    .json,
                queuedAt: now())
        }
        try await store.enqueue(alerts: alerts, at: now())
    }

    private func reportIfPossible() async -> DriftReport? {
        do {
            return try await report(now())
        } catch {
            log.warning("an alert goes out without figures: \(error)")
            return nil
        }
    }

    // MARK: Saying it

    private func send() async throws {
        let due = try await store.dueAlerts(at: now(), limit: Self.mostAtOnce)
            .filter { unsettled[$0.id ?? 0] == nil }
        // One channel that is slow does not keep the others waiting; its own messages keep their order.
        await withTaskGroup(of: Void.self) { group in
            for (channel, alerts) in Dictionary(grouping: due, by: \.channel) {
                guard let route = routes[channel] else { continue }
                group.addTask {
                    for alert in alerts {
                        guard await self.send(alert, by: route) else { return }
                    }
                }
            }
        }
        try await settle()
    }

    /// - Returns: whether the next one may be sent: not where this one was not accepted.
    private func send(_ alert: StoredAlert, by route: AlertRoute) async -> Bool {
        guard let id = alert.id, !Task.isCancelled else { return false }
        do {
            try await route.deliver(alert, by: client) { [log] in log.warning("\($0)") }
            unsettled[id] = .delivered(at: now())
            log.info("alert \(alert.event) was delivered to \(alert.channel)")
            return true
        } catch is CancellationError {
            return false
        } catch {
            let next = policy.nextAttempt(
                afterFailures: alert.attempts, retryAfter: (error as? WebhookError)?.retryAfter,
                queuedAt: alert.queuedAt, now: now(), uniform: .random(in: 0..<1))
            unsettled[id] = .failed(why: "\(error)", next: next, at: now())
            log.warning(
                "alert \(alert.event) was not delivered to \(alert.channel)\(next == nil ? ", and is given up" : ""): \(error)"
            )
            return false
        }
    }

    /// Notes what became of messages, as soon as the store can be written.
    private func settle() async throws {
        for (id, settlement) in unsettled {
            switch settlement {
            case .delivered(let moment): try await store.recordDelivery(ofAlert: id, at: moment)
            case .failed(let why, let next, let moment):
                try await store.recordFailure(ofAlert: id, error: why, next: next, at: moment)
            }
            unsettled[id] = nil
        }
    }
}
