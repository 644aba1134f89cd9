import Foundation
import Store
import Testing

/// The outbox: what is told once, and until it arrived.
@Suite struct AlertsTests {
    private func alert(_ event: String, _ channel: String = "pager", at: Date = noon()) -> StoredAlert {
        StoredAlert(
            event: event, channel: channel, kind: "drift_alarm", at: at, body: #"{"id":"\#(event)"}"#,
            queuedAt: at)
    }

    private func outbox(_ channels: [String] = ["pager"]) async throws -> Database {
        let store = try Database.inMemory()
        _ = try await store.openAlertChannels(channels, at: noon())
        return store
    }

    @Test func `a message for a channel is kept once, the first as it was`() async throws {
        let store = try await outbox(["pager", "mail"])
        try await store.enqueue(alerts: [alert("detection/1"), alert("detection/1", "mail")], at: noon())

        var other = alert("detection/1")
        other.body = "{}"
        try await store.enqueue(alerts: [other, alert("detection/2")], at: noon(1))

        let due = try await store.dueAlerts(at: noon(1), limit: 9)
        #expect(due.map(\.event) == ["detection/1", "detection/1", "detection/2"])
        #expect(due[0].body == #"{"id":"detection/1"}"#)
        #expect(
            try await store.channelsTold(of: ["detection/1", "detection/2", "run/1"]) == [
                "detection/1": ["pager", "mail"], "detection/2": ["pager"], "run/1": [],
            ])
    }

    @Test func `a message waits until it was delivered, then never changes`() async throws {
        let store = try await outbox()
        try await store.enqueue(alerts: [alert("detection/1")], at: noon())
        let id = try #require(try await store.dueAlerts(at: noon(), limit: 9).first?.id)

        try await store.recordFailure(ofAlert: id, error: "no answer", next: noon(10), at: noon(1))
        #expect(try await store.dueAlerts(at: noon(9), limit: 9).isEmpty)
        let again = try #require(try await store.dueAlerts(at: noon(10), limit: 9).first)
        #expect(again.attempts == 1 && again.lastError == "no answer" && again.lastAttemptAt == noon(1))

        try await store.recordDelivery(ofAlert: id, at: noon(11))
        try await store.recordFailure(ofAlert: id, error: "too late", next: noon(20), at: noon(12))
        #expect(try await store.dueAlerts(at: noon(99), limit: 9).isEmpty)
        let settled = try #require(try await store.alerts(limit: 1).first)
        #expect(settled.state == .delivered && settled.lastAttemptAt == noon(11) && settled.lastError == nil)
        await #expect(throws: StoreError.self) {
            try await store.execute("UPDATE alert SET state = 'waiting'")
        }
    }

    @Test func `what could not be delivered for too long is given up`() async throws {
        let store = try await outbox()
        try await store.enqueue(alerts: [alert("detection/1")], at: noon())
        let id = try #require(try await store.dueAlerts(at: noon(), limit: 9).first?.id)

        try await store.recordFailure(ofAlert: id, error: "no answer", next: nil, at: noon(1))

        #expect(try await store.alerts(limit: 1).first?.state == .abandoned)
        let delivery = try #require(try await store.alertDeliveries().first)
        #expect(delivery.abandoned == 1 && delivery.waiting == 0)
    }

    @Test func `a channel is told of what happens since it was there, and forgotten with its messages`()
        async throws
    {
        let store = try await outbox()
        #expect(
            try await store.openAlertChannels(["pager", "mail"], at: noon(60)) == [
                "pager": noon(), "mail": noon(60),
            ])
        try await store.enqueue(alerts: [alert("detection/1"), alert("detection/1", "mail")], at: noon(61))

        #expect(try await store.openAlertChannels(["mail"], at: noon(70)) == ["mail": noon(60)])

        #expect(try await store.dueAlerts(at: noon(99), limit: 9).map(\.channel) == ["mail"])
        #expect(try await store.alertDeliveries().map(\.channel) == ["mail"])
        #expect(try await store.openAlertChannels(["pager"], at: noon(80)) == ["pager": noon(80)])
    }

    @Test func `how each channel fares is told with the error of the oldest that waits`() async throws {
        let store = try await outbox(["mail", "pager"])
        try await store.enqueue(alerts: (1...3).map { alert("detection/\($0)") }, at: noon())
        let ids = try await store.dueAlerts(at: noon(), limit: 9).compactMap(\.id)
        try await store.recordDelivery(ofAlert: ids[0], at: noon(5))
        try await store.recordFailure(ofAlert: ids[1], error: "no answer", next: noon(30), at: noon(6))

        let deliveries = try await store.alertDeliveries()

        #expect(deliveries[0] == AlertDelivery(channel: "mail"))
        #expect(deliveries[1].waiting == 2 && deliveries[1].delivered == 1)
        #expect(deliveries[1].lastDeliveredAt == noon(5))
        #expect(deliveries[1].lastError == "no answer" && deliveries[1].nextAttemptAt == noon(30))
    }

    @Test func `what was settled is forgotten after ninety days, what waits is not`() async throws {
        let store = try await outbox()
        try await store.enqueue(alerts: [alert("detection/1"), alert("detection/2")], at: noon())
        let id = try #require(try await store.dueAlerts(at: noon(), limit: 9).first?.id)
        try await store.recordDelivery(ofAlert: id, at: noon())

        let later = noon(91 * 86_400)
        try await store.enqueue(alerts: [alert("detection/3", at: later)], at: later)

        #expect(try await store.alerts(limit: 9).map(\.event) == ["detection/3", "detection/2"])
    }
}
