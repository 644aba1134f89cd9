import Glibc

/// How soon changes to one error rate were found.
public struct DetectionDelay: Sendable, Hashable, Codable {
    /// The error rate after the change.
    public let errorRate: Double
    /// Streams that changed.
    public let streams: Int
    /// Streams whose change was found in time.
    public let found: Int
    /// The median number of rows from the change to the alarm, over all streams; nil where fewer than
    /// half were found.
    public let medianRows: Int?

    init(errorRate: Double, streams: Int, rows: [Int]) {
        self.errorRate = errorRate
        self.streams = streams
        found = rows.count
        let sorted = rows.sorted()
        medianRows = sorted.count > streams / 2 ? sorted[streams / 2] : nil
    }
}

/// What was measured of one detector, beside what it promises.
public struct DetectorMeasurement: Sendable, Hashable, Codable {
    public let candidate: DetectorCandidate
    /// Rows of each unchanged stream.
    public let horizon: Int
    /// Unchanged streams that raised a false alarm within the horizon.
    public let falseAlarms: Int
    /// Unchanged streams.
    public let streams: Int
    /// A lower estimate of the mean number of rows until a false alarm: streams that were never
    /// alarmed count with their horizon alone.
    public let meanRunLength: Double
    /// Rows seen in all unchanged streams for each false alarm; nil where there was none. Right
    /// where alarms come at an even rate.
    public let rowsPerFalseAlarm: Double?
    public let delays: [DetectionDelay]
    /// The chance of so many false alarms, or more, from a detector that keeps its promise; nil
    /// where it promises nothing.
    public let promisePValue: Double?

    init(
        candidate: DetectorCandidate, horizon: Int, rowsToFalseAlarm: [Int], falseAlarms: Int,
        delays: [DetectionDelay]
    ) {
        let rows = rowsToFalseAlarm.reduce(0, +)
        self.candidate = candidate
        self.horizon = horizon
        self.falseAlarms = falseAlarms
        streams = rowsToFalseAlarm.count
        meanRunLength = Double(rows) / Double(rowsToFalseAlarm.count)
        rowsPerFalseAlarm = falseAlarms == 0 ? nil : Double(rows) / Double(falseAlarms)
        self.delays = delays
        promisePValue = candidate.promisedRunLength.map { promise in
            // Alarms that come once in `promise` rows on average are, at an even rate, Poisson over the
            // rows seen: P(Poisson(rows/promise) ≥ alarms) = 1 − Q(alarms, rows/promise).
            falseAlarms == 0 ? 1 : 1 - regularizedGammaQ(Double(falseAlarms), Double(rows) / promise)
        }
    }

    /// Whether the promise stands: broken only where luck does not explain the false alarms
    /// (p ≤ 0.001). A detector without a promise cannot break it.
    public var keepsPromise: Bool { promisePValue.map { $0 > 0.001 } ?? true }
}

/// A measurement of several detectors on the same streams, as a table and as JSON.
public struct DetectorReport: Sendable, Hashable, Codable {
    public let simulation: DetectorSimulation
    public let measurements: [DetectorMeasurement]

    /// Measures the candidates one after another; a caller that wants progress measures them itself.
    public init(_ simulation: DetectorSimulation, _ candidates: [DetectorCandidate]) {
        self.init(simulation, measurements: candidates.map(simulation.measure))
    }

    public init(_ simulation: DetectorSimulation, measurements: [DetectorMeasurement]) {
        self.simulation = simulation
        self.measurements = measurements
    }

    public var keepsPromises: Bool { measurements.allSatisfy(\.keepsPromise) }

    /// The table's head.
    public var header: [String] {
        ["detector", "promise", "measured", "false alarms"]
            + simulation.changes.map { "found at " + percent($0) }
    }

    /// One row a detector, in the columns of `header`; run lengths and delays are in labels.
    public var rows: [[String]] {
        measurements.map { measured in
            let promise = measured.candidate.promisedRunLength.map { decimals($0, 0) } ?? "none"
            let run =
                measured.rowsPerFalseAlarm.map { decimals($0, 0) }
                ?? "over \(measured.streams * measured.horizon)"
            let delays = measured.delays.map { delay in
                delay.medianRows.map {
                    "\($0)" + (delay.found < delay.streams ? " (\(delay.found)/\(delay.streams))" : "")
                }
                    ?? "missed (\(delay.found)/\(delay.streams))"
            }
            return [
                measured.candidate.name, promise, run + (measured.keepsPromise ? "" : " BROKEN"),
                "\(measured.falseAlarms)/\(measured.streams)",
            ] + delays
        }
    }
}
