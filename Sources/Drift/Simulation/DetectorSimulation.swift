/// What a detector does on simulated streams of right and wrong answers.
///
/// Streams are coins: 1 with the error rate, 0 else. Everything follows from the seed.
public struct DetectorSimulation: Sendable, Hashable, Codable {
    /// The error rate of the unchanged model.
    public var errorRate: Double
    /// Streams of each kind.
    public var streams: Int
    /// Rows of an unchanged stream after which waiting for a false alarm ends.
    public var horizon: Int
    /// Rows before a change.
    public var warmUp: Int
    /// Error rates after a change.
    public var changes: [Double]
    /// Rows after a change within which it is found or missed.
    public var patience: Int
    public var seed: UInt64

    public init(
        errorRate: Double = 0.08, streams: Int = 200, horizon: Int = 20_000, warmUp: Int = 2_000,
        changes: [Double] = [0.13, 0.18, 0.28], patience: Int = 5_000, seed: UInt64 = 1
    ) {
        precondition(
            errorRate >= 0 && errorRate <= 1 && changes.allSatisfy { $0 >= 0 && $0 <= 1 },
            "an error rate lies in 0…1")
        precondition(
            streams > 0 && horizon > 0 && warmUp >= 0 && patience > 0,
            "a simulation needs streams, rows and patience")
        self.errorRate = errorRate
        self.streams = streams
        self.horizon = horizon
        self.warmUp = warmUp
        self.changes = changes
        self.patience = patience
        self.seed = seed
    }

    /// Measures one detector.
    ///
    /// Each detector sees `warmUp` unchanged rows before a change; an alarm among them makes it start
    /// anew, as it would in service.
    public func measure(_ candidate: DetectorCandidate) -> DetectorMeasurement {
        let runs = (0..<streams).map { falseAlarm(of: candidate.detector, stream: $0) }
        return DetectorMeasurement(
            candidate: candidate, horizon: horizon,
            rowsToFalseAlarm: runs.map { $0 ?? horizon }, falseAlarms: runs.count { $0 != nil },
            delays: changes.map { change in
                let found = (0..<streams).compactMap {
                    delay(of: candidate.detector, to: change, stream: $0)
                }
                return DetectionDelay(errorRate: change, streams: streams, rows: found)
            })
    }

    /// Rows until the first alarm on an unchanged stream; nil where there is none within the horizon.
    private func falseAlarm(of detector: any DriftDetector, stream: Int) -> Int? {
        var detector = detector
        var random = SplitMix64(seed: seed &+ UInt64(stream) &* 0x2545_F491_4F6C_DD1D)
        return (1...horizon).first { _ in detector.update(random.coin(errorRate)) == .drift }
    }

    /// Rows from the change to the alarm; nil where it is not found.
    private func delay(of detector: any DriftDetector, to change: Double, stream: Int) -> Int? {
        var detector = detector
        var random = SplitMix64(seed: ~seed &+ UInt64(stream) &* 0x2545_F491_4F6C_DD1D)
        for _ in 0..<warmUp where detector.update(random.coin(errorRate)) == .drift { detector.reset() }
        return (1...patience).first { _ in detector.update(random.coin(change)) == .drift }
    }
}

extension SplitMix64 {
    /// 1 with the given probability, else 0.
    mutating func coin(_ probability: Double) -> Double { uniform() < probability ? 1 : 0 }
}
