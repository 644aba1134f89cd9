import Corpus
import Drift
public import Foundation
public import Logging
public import ServiceLifecycle
public import Store
import Transformers

/// Lets the live model predict every labelled row before anything may be trained on it, and shows
/// the outcome to the watch.
///
/// Rows wait in the store until they are scored, so none is skipped by a crash between arriving
/// and being scored: the query for unscored rows finds it again.
public actor Scorer: Service {
    private let store: Database
    private let predictor: Predictor
    private let monitor: DriftMonitor
    private let rollout: Rollout
    private let log: Logger
    private let now: @Sendable () -> Date
    private let scored: @Sendable ([DriftWatch.Event]) async -> Void
    private let (signal, signaller) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    private static let rowsAtOnce = 64

    /// - Parameter scored: is called after each piece of rows with what the watch saw.
    public init(
        store: Database, predictor: Predictor, monitor: DriftMonitor, rollout: Rollout, log: Logger,
        now: @escaping @Sendable () -> Date = { Date() },
        scored: @escaping @Sendable ([DriftWatch.Event]) async -> Void
    ) {
        self.store = store
        self.predictor = predictor
        self.monitor = monitor
        self.rollout = rollout
        self.log = log
        self.now = now
        self.scored = scored
    }

    /// Says that labelled rows arrived.
    public nonisolated func rowsArrived() {
        signaller.yield()
    }

    public func run() async throws {
        signaller.yield()
        for await _ in signal.cancelOnGracefulShutdown() {
            do {
                while try await scoreNext() > 0 {}
            } catch PredictionError.shuttingDown {
                return
            } catch is CancellationError {
                return
            } catch {
                // Whatever is wrong with the store now, the rows wait there until it is mended.
                log.error("labelled rows wait to be scored: \(error)")
                try? await Task.sleep(for: .seconds(1))
                signaller.yield()
            }
        }
    }

    /// Scores the oldest rows that wait and returns how many they were.
    func scoreNext() async throws -> Int {
        // Rows of another task wait until a version of theirs is live again.
        guard let model = predictor.slot.current else { return 0 }
        let rows = try await store.unscoredExamples(of: model.task, limit: Self.rowsAtOnce)
        guard !rows.isEmpty else { return 0 }
        let time = now()
        let outcomes = try await predictor.outcomes(of: rows, with: model, at: time)
        try await store.insert(outcomes: outcomes)
        let apart = await monitor.apart
        let observations = zip(outcomes, rows).map {
            Observation($0, at: $1.observedAt ?? $1.receivedAt, source: $1.source, apart: apart)
        }
        let events = try await monitor.observe(observations, version: model.version, at: time)
        let fair = zip(rows, outcomes).filter {
            LabelOrigin(source: $0.0.source, apart: apart).isRepresentative
        }
        if !fair.isEmpty { await rollout.observe(fair.map(\.0), fair.map(\.1), by: model.version) }
        await scored(events)
        return rows.count
    }
}

/// What a model said to a labelled row: as it is stored, and the answer itself.
struct JudgedRow: Sendable {
    var outcome: StoredOutcome
    var answer: TaskAnswer
}

extension Predictor {
    /// What a model says to labelled rows of its task, beside what is true. In the background lane.
    func judged(
        _ rows: [StoredExample], with model: LiveModel, at time: Date
    ) async throws -> [JudgedRow] {
        let asked = try rows.map { try model.served.judge($0.example) }
        let reply = try await enqueue(asked.flatMap(\.encodings), model, .background)
        let said = asked.answers(reply.results.compactMap(\.logits))
        return rows.indices.map { row in
            let (answer, size) = (said[row].answer, TextSize(asked[row].encodings))
            let input = TextInput(text: rows[row].text, pair: rows[row].pair)
            return JudgedRow(
                outcome: StoredOutcome(
                    exampleID: rows[row].id, modelVersion: model.version,
                    predictedLabel: answer.written(to: input, labels: model.labelNames),
                    label: rows[row].label, loss: said[row].boundedLoss, lossInNats: said[row].lossInNats,
                    confidence: answer.confidence, probabilities: answer.probabilities, tokens: size.tokens,
                    unknownTokens: size.unknownTokens, scoredAt: time),
                answer: answer)
        }
    }

    func outcomes(
        of rows: [StoredExample], with model: LiveModel, at time: Date
    ) async throws -> [StoredOutcome] {
        try await judged(rows, with: model, at: time).map(\.outcome)
    }
}
