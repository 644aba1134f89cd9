public import Drift

/// What the detectors do on simulated streams, beside what they promise: `hone selftest detectors`.
///
/// Two things are measured. *In service* every detector watches a model that errs as it should, and
/// then models that got worse. *At the edge* those with a promise watch a model that errs as often as
/// the promise just allows, with a short promised run, so that false alarms do come and can be counted.
public struct DetectorSelftest: Sendable, Codable, Equatable {
    /// The error rate up to which the promise holds.
    public let promisedError: Double
    public let service: DetectorReport
    public let edge: DetectorReport

    /// What is simulated.
    public struct Settings: Sendable, Equatable {
        /// The error rate of the unchanged model.
        public var errorRate = 0.08
        /// The error rate that was promised; nil for what `referenceRows` rows with `errorRate` promise.
        public var promisedError: Double?
        /// The rows that judged the simulated version.
        public var referenceRows = 1_000
        public var tolerance = 0.01
        /// The promised mean number of labels until a false alarm.
        public var averageRunLength = 20_000.0
        /// Streams of each kind.
        public var streams = 200
        public var seed: UInt64 = 1

        public init() {}

        /// The error rate up to which the promise holds.
        var promise: Double {
            promisedError
                ?? Baseline(
                    errors: Int((errorRate * Double(referenceRows)).rounded()), count: referenceRows,
                    tolerance: tolerance
                ).bound
        }
    }

    /// The promised run at the edge, and how long it is waited for: five runs.
    private static let (edgeRun, edgeHorizon) = (1_000.0, 5_000)

    /// Measures all detectors, as many at once as there are processors.
    ///
    /// - Parameter measured: is called with the number of detectors that are done, and of all.
    public init(_ settings: Settings, measured: @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in })
        async
    {
        promisedError = settings.promise
        let (promise, run) = (promisedError, settings.averageRunLength)
        let falls = [0.05, 0.1, 0.2].map { min(0.99, settings.errorRate + $0) }
        let inService = DetectorSimulation(
            errorRate: settings.errorRate, streams: settings.streams, changes: falls, seed: settings.seed)
        let atEdge = DetectorSimulation(
            errorRate: promise, streams: settings.streams, horizon: Self.edgeHorizon, changes: [],
            seed: settings.seed)
        let work =
            DetectorCandidate.all(baseline: promise, runLength: run).map { (inService, $0) }
            + DetectorCandidate.all(baseline: promise, runLength: Self.edgeRun)
            .filter { $0.promisedRunLength != nil }.map { (atEdge, $0) }
        let results = await withTaskGroup(of: (Int, DetectorMeasurement).self) { group in
            for (place, (simulation, candidate)) in work.enumerated() {
                group.addTask { (place, simulation.measure(candidate)) }
            }
            var results: [Int: DetectorMeasurement] = [:]
            for await (place, result) in group {
                results[place] = result
                measured(results.count, work.count)
            }
            return work.indices.compactMap { results[$0] }
        }
        let inServiceCount = work.count { $0.0 == inService }
        service = DetectorReport(inService, measurements: Array(results.prefix(inServiceCount)))
        edge = DetectorReport(atEdge, measurements: Array(results.dropFirst(inServiceCount)))
    }

    /// Whether luck explains every false alarm of those detectors that promise something.
    public var keepsPromises: Bool { service.keepsPromises && edge.keepsPromises }

    // MARK: For a terminal

    /// Both measurements as tables of at most 80 columns.
    public func text(colour: Bool) -> String {
        let ink = Ink(isOn: colour)
        let (simulation, n) = (service.simulation, grouped(service.simulation.streams))
        let broken = (service.measurements + edge.measurements).filter { !$0.keepsPromise }
        let verdict =
            broken.isEmpty
            ? ink.good("Every promise is kept.")
            : ink.bad(
                "BROKEN by \(listed(broken.map(\.candidate.name))): more false alarms than luck explains.")
        return """
            \(n) streams whose error is \(percent(simulation.errorRate)), promised at most \(percent(promisedError)); \
            seed \(simulation.seed).
            Labels between false alarms, streams with one, and labels until a rise is found:

            \(table(service, ink))

            At the edge of the promise, an error of \(percent(promisedError)):

            \(table(edge, ink))

            \(verdict)
            """
    }

    private func table(_ report: DetectorReport, _ ink: Ink) -> String {
        let falls = report.simulation.changes
        func line(_ cells: [String]) -> String {
            let widths = [1, 16, 8, 11, 7] + falls.map { _ in 10 }
            return zip(cells, widths).enumerated().map { place, cell in
                TextLayout.cell(cell.0, cell.1, right: place > 1)
            }.joined(separator: " ")
        }
        let head = line(["", "detector", "promised", "measured", "false"] + falls.map(percent))
        let rows = report.measurements.map { measured in
            let promise = measured.candidate.promisedRunLength
            let cells =
                [
                    promise == nil ? "" : measured.keepsPromise ? "✓" : "✗", measured.candidate.name,
                    promise.map { grouped(Int($0)) } ?? "none",
                    measured.rowsPerFalseAlarm.map { grouped(Int($0.rounded())) }
                        ?? ">" + grouped(measured.streams * measured.horizon),
                    grouped(measured.falseAlarms),
                ] + measured.delays.map(delay)
            return measured.keepsPromise ? line(cells) : ink.bad(line(cells))
        }
        return ([ink.dim(head)] + rows).joined(separator: "\n")
    }

    /// The median; where not all were found, with the part that was.
    private func delay(_ delay: DetectionDelay) -> String {
        let found = "\(delay.found * 100 / delay.streams)%"
        guard let rows = delay.medianRows else { return delay.found == 0 ? "missed" : "missed \(found)" }
        return delay.found == delay.streams ? "\(rows)" : "\(rows) (\(found))"
    }
}
