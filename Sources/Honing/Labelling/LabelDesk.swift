import Corpus
import Drift
public import Foundation
package import Store

/// Draws what is worth a label out of a daemon's database, whether it runs or not. Nothing is written.
public struct LabelDesk: Sendable {
    private let store: Database
    private let configuration: HonedConfiguration

    /// The newest answers that are drawn from.
    private static let mostAnswers = 10_000

    /// - Throws: `StoreError` where there is no database, or this user may not read it.
    public init(_ configuration: HonedConfiguration) throws {
        self.init(
            try Database.openReadOnly(at: DataDirectory(configuration.dataDirectory).database), configuration)
    }

    package init(_ store: Database, _ configuration: HonedConfiguration) {
        self.store = store
        self.configuration = configuration
    }

    /// - Parameters:
    ///   - count: answers to draw.
    ///   - auditShare: the share of them that is drawn by plain lot.
    ///   - since: answers from then on; by default those of a week, of the live version alone in any case.
    public func queue(
        _ count: Int, auditShare: Double, since: Date? = nil, at now: Date = Date()
    ) async throws -> LabelQueue {
        guard let live = try await store.livePromotion(), let version = try await store.version(live.version)
        else {
            return LabelQueue(
                labels: [], items: [], waiting: 0,
                sentence: "No version is live, so nothing was answered: `hone import FOLDER` brings one in.")
        }
        if let task = TaskKind(rawValue: version.task), !task.hasClasses {
            return LabelQueue(
                version: version.version, labels: [], items: [], waiting: 0,
                sentence: "What is true of \(task.rawValue) is no label of one key: send it to "
                    + "POST /v1/feedback.")
        }
        let start = max(live.at, since ?? now.addingTimeInterval(-7 * 86_400))
        let answers = try await store.newestPredictions(
            ofVersion: version.version, since: start, limit: Self.mostAnswers)
        let waiting = try await unlabelled(answers, labels: version.labels)
        let tickets = waiting.map(LabelLottery.Ticket.init)
        let draws = LabelLottery(auditShare: auditShare).draw(count, from: tickets)
        var queue = LabelQueue(
            version: version.version, labels: version.labels,
            items: draws.map { LabelQueue.Item(waiting[$0.place], $0) }, waiting: waiting.count,
            sentence: Self.sentence(
                version: version.version, answers: answers.count, waiting: waiting.count,
                since: answers.count < Self.mostAnswers ? start : answers.last?.createdAt ?? start))
        let reader = ReportReader(store, configuration)
        queue.question = try await reader.openQuestion(at: now)
        queue.drawn = LabelQueue.DrawnEstimate(
            try await store.drawnLosses(ofVersion: version.version, since: live.at))
        return queue
    }

    /// The newest answer to each text that has no label yet.
    private func unlabelled(_ answers: [StoredPrediction], labels: [String]) async throws
        -> [StoredPrediction]
    {
        var seen: Set<String> = []
        let distinct = answers.filter { seen.insert($0.text + "\u{0}" + ($0.pair ?? "")).inserted }
        func hashes(_ answer: StoredPrediction) -> [String] {
            labels.map {
                ContentHash(of: Example(text: answer.text, pair: answer.pair, target: .label($0))).hex
            }
        }
        let known = try await store.exampleNumbers(of: distinct.flatMap(hashes))
        return distinct.filter { answer in !hashes(answer).contains { known[$0] != nil } }
    }

    private static func sentence(version: Int, answers: Int, waiting: Int, since: Date) -> String {
        if answers == 0 {
            return "There are no texts to label: version \(version) answered no request since "
                + "\(moment(since)) UTC, or retention.predictions let go of them. A text without an answer is labelled "
                + "with POST /v1/feedback."
        }
        if waiting == 0 {
            return
                "All \(counted(answers, "text")) that version \(version) answered since \(moment(since)) UTC "
                + "have a label."
        }
        return "\(counted(waiting, "text")) that version \(version) answered since \(moment(since)) UTC "
            + "\(waiting == 1 ? "waits" : "wait") for a label."
    }
}

extension LabelLottery.Ticket {
    /// The tickets of a text are the same for ever, so what was drawn first comes first again.
    fileprivate init(_ answer: StoredPrediction) {
        let text = answer.text + "\u{0}" + (answer.pair ?? "")
        self.init(
            audit: requestShare(text, of: "label audit"), doubt: requestShare(text, of: "label doubt"),
            probabilities: answer.probabilities)
    }
}

extension LabelQueue.Item {
    fileprivate init(_ answer: StoredPrediction, _ draw: LabelLottery.Draw) {
        self.init(
            text: answer.text, pair: answer.pair, answeredAt: answer.createdAt, lot: draw.lot,
            propensity: draw.propensity)
    }
}

extension Database {
    /// Losses of a version on rows that were drawn by lot, weighted.
    fileprivate func drawnLosses(ofVersion version: Int, since: Date) async throws -> LabelSelection {
        var selection = LabelSelection()
        for group in try await drawnOutcomes(ofVersion: version, since: since) {
            for _ in 0..<group.rows {
                selection.add(loss: group.loss, origin: .propensity, propensity: group.propensity)
            }
        }
        return selection
    }
}
