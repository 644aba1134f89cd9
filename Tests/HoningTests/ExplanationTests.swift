import Drift
import Foundation
import Honing
import Logging
import Store
import Testing

/// Alarms and trials come out again as they were, to the last bit.
@Suite struct ExplanationTests {
    private let labels = ["bad", "good"]
    private let noon = Date(timeIntervalSince1970: 1_795_420_800)

    private func rows(_ count: Int, error: Double, from first: Int64, seed: UInt64) -> [Observation] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { index in
            let isWrong = Double.random(in: 0..<1, using: &random) < error
            return Observation(
                exampleID: first + Int64(index), at: noon.addingTimeInterval(Double(first) + Double(index)),
                label: "good", predicted: isWrong ? "bad" : "good", loss: isWrong ? 1 : 0, lossInNats: 0.3,
                confidence: 0.8, tokens: 9, unknownTokens: 0)
        }
    }

    private var reference: Reference {
        Reference(rows(1_000, error: 0.1, from: 1, seed: 1), labels: labels, source: "holdout")
    }

    /// What a monitor writes down about a stream that gets worse, and the stream.
    private func watched() async throws -> (detections: [Detection], rows: [Observation]) {
        let store = try Database.inMemory()
        try await store.execute(
            """
            INSERT INTO modelVersion VALUES (1, NULL, NULL, '2026-01-09 12:00:00.000', 'imported',
              '\(String(repeating: "a", count: 64))', '["bad","good"]', 'text-classification', '{}', '{}', '');
            PRAGMA foreign_keys = OFF
            """)
        let monitor = DriftMonitor(
            store: store, settings: WatchingSettings(),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await monitor.start(version: 1, reference: reference, since: noon)
        let stream =
            rows(400, error: 0.1, from: 1, seed: 2) + rows(300, error: 0.5, from: 401, seed: 3)
        // In pieces, as rows come: an event lies in the middle of one.
        for start in stride(from: 0, to: stream.count, by: 64) {
            let piece = Array(stream[start..<min(start + 64, stream.count)])
            try await monitor.observe(piece, version: 1, at: noon.addingTimeInterval(Double(start)))
        }
        return (try await store.detections(since: noon), stream)
    }

    private func explained(_ detection: Detection, _ rows: [Observation]) -> Explanation {
        Explanation(
            detection, rows: rows, reference: reference, settings: DriftWatch.Settings(), since: noon)
    }

    @Test func `every detection of a stream is replayed to the same numbers`() async throws {
        let (detections, rows) = try await watched()

        #expect(detections.contains { $0.verdict == "drift" && $0.detector == "Shiryaev-Roberts" })
        #expect(Set(detections.map(\.detector)).count == 2)
        for detection in detections {
            let explanation = explained(detection, rows)
            #expect(explanation.isSame == true, "\(explanation.text)")
            #expect(explanation.figures.count >= 5)
            #expect(try decoded(encoded(explanation)) == explanation)
            for line in explanation.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        }
    }

    @Test func `a row that was changed behind its back shows`() async throws {
        let (detections, rows) = try await watched()
        let alarm = try #require(detections.first { $0.verdict == "drift" })
        var forged = rows
        forged[17].loss = 1 - forged[17].loss

        let explanation = explained(alarm, forged)

        #expect(explanation.isSame == false)
        #expect(explanation.text.contains("✗"))
    }

    @Test func `rows that are gone make no verdict false`() async throws {
        let (detections, rows) = try await watched()
        let alarm = try #require(detections.first { $0.verdict == "drift" })

        let explanation = explained(alarm, Array(rows.dropFirst(50)))

        #expect(explanation.isSame == nil)
        #expect(explanation.outcome.contains("retention.outcomes"))
    }

    // MARK: The gate

    private func gate(_ verdict: PromotionVerdict) throws -> Gate {
        var gate = Gate(
            at: noon, anchorID: 1, champion: 1, runID: 12, isPromoted: verdict.isPromoted,
            verdict: String(decoding: try JSONEncoder().encode(verdict), as: UTF8.self))
        gate.id = 3
        return gate
    }

    private func trial(_ gains: Int) -> TrialEvidence {
        TrialEvidence(
            purpose: .benefit, fresh: PairedOutcomes(bothRight: 300, gains: gains, losses: 21, bothWrong: 90),
            anchor: PairedOutcomes(bothRight: 700, gains: 20, losses: 17, bothWrong: 80),
            slices: [
                SliceOutcomes(
                    name: "fresh source a",
                    outcomes: PairedOutcomes(bothRight: 100, gains: 9, losses: 4, bothWrong: 30))
            ],
            calibration: CalibrationFacts(
                championError: 0.071, challengerError: 0.1 / 3,
                logLossDifference: pairedBootstrap(
                    [-0.3, 0.1, -0.7, 0.01, -0.2], confidence: 0.95, seed: 1)),
            infrastructure: InfrastructureFacts(
                loadError: nil, goldenRequests: 8, worstGoldenDifference: 1e-6, latencyRatio: 1.01),
            gateNumber: 4)
    }

    @Test(arguments: [20, 45, 90])
    func `a trial is judged again to the same numbers`(_ gains: Int) throws {
        var policy = PromotionPolicy()
        policy.alpha = 0.04
        let explanation = Explanation(try gate(policy.decide(trial(gains))))

        #expect(explanation.isSame == true, "\(explanation.text)")
        #expect(explanation.figures.count > 20 && explanation.figures.allSatisfy(\.isSame))
        #expect(explanation.inputs.last?.contains("significance 4.0 %") == true)
        #expect(try decoded(encoded(explanation)) == explanation)
    }

    @Test func `a figure that was changed behind its back shows`() throws {
        var gate = try gate(PromotionPolicy().decide(trial(90)))
        gate.verdict = gate.verdict.replacing("\"gains\":90", with: "\"gains\":30")

        let explanation = Explanation(gate)

        #expect(explanation.isSame == false)
        #expect(explanation.outcome.contains("Refused") || explanation.outcome.contains("otherwise"))
    }

    @Test func `a verdict without its inputs says so`() throws {
        let gate = Gate(
            at: noon, anchorID: 1, champion: 1, isPromoted: false, verdict: #"{"sentence":"refused"}"#)
        #expect(Explanation(gate).isSame == nil)
    }
}
