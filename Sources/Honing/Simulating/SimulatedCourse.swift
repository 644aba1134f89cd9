package import Foundation

/// What happened, or would have: the events and their sum.
package struct SimulatedCourse: Sendable, Equatable {
    package var tally = Simulation.Tally()
    package private(set) var events: [Event] = []

    package struct Event: Sendable, Equatable {
        package var at: Date
        package var kind: Simulation.Event.Kind
        package var sentence: String
    }

    package init() {}

    mutating func add(_ kind: Simulation.Event.Kind, at: Date, _ sentence: String) {
        events.append(Event(at: at, kind: kind, sentence: sentence))
    }

    /// What happened from `since` on, before `until`.
    package init(really history: PolicyHistory, since: Date, until: Date) {
        func isWithin(_ at: Date) -> Bool { at >= since && at < until }
        for row in history.rows where row.isRepresentative && isWithin(row.scoredAt) {
            tally.rows += 1
            tally.mistakes += row.loss
        }
        (tally.leastMistakes, tally.mostMistakes) = (tally.mistakes, tally.mistakes)
        for alarm in history.alarms where isWithin(alarm) {
            tally.alarms += 1
            add(.alarm, at: alarm, "version \(history.live(at: alarm)?.version ?? 0) broke its promise")
        }
        for run in history.runs {
            if isWithin(run.queuedAt) {
                tally.runs += 1
                tally.cpuSeconds += run.cpuSeconds
                add(.start, at: run.queuedAt, "run \(run.id) starts: \(run.reason)")
            }
            // What a run's version does is told by its takeover.
            if run.takeover == nil, isWithin(run.endedAt) {
                add(.end, at: run.endedAt, "run \(run.id) ends: \(run.state)")
            }
        }
        for takeover in history.takeovers where takeover.at > since && takeover.at < until {
            tally.promotions += takeover.kind == "promoted" ? 1 : 0
            let kind: Simulation.Event.Kind = history.isOfPolicy(takeover) ? .end : .takeover
            add(kind, at: takeover.at, takeover.words)
        }
        events.sort { $0.at < $1.at }
        let first = history.runs.first { isWithin($0.queuedAt) }?.queuedAt
        tally.labelsToFirstRun = first.map { first in
            history.rows.count { $0.isRepresentative && isWithin($0.scoredAt) && $0.scoredAt <= first }
        }
    }

    /// Both courses as one; what came to pass in both at once, within a second, is one event.
    func merged(with policy: SimulatedCourse) -> [Simulation.Event] {
        var rest = policy.events
        var merged: [Simulation.Event] = []
        for event in events {
            let twin = rest.firstIndex {
                $0.kind == event.kind && abs($0.at.timeIntervalSince(event.at)) <= 1
            }
            if let twin { rest.remove(at: twin) }
            merged.append(
                .init(
                    at: event.at, side: twin == nil ? .really : .both, kind: event.kind,
                    sentence: event.sentence))
        }
        merged += rest.map { .init(at: $0.at, side: .policy, kind: $0.kind, sentence: $0.sentence) }
        // At one moment what caused comes before what followed.
        return merged.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
            \.element)
    }
}

extension PolicyHistory.Takeover {
    /// The takeover as an event.
    var words: String {
        let how =
            switch kind {
            case "rollback": " again"
            case "forced": ", by order"
            default: ""
            }
        return "version \(version) is live\(how)" + (runID.map { ", from run \($0)" } ?? "")
    }
}
