import Drift
import FoundationEssentials
import Testing

@Suite struct DetectorSimulationTests {
    /// The short version of `hone selftest detectors`: it fails where the alarm breaks its promise.
    @Test func `the promised run length is kept at the edge of the null`() {
        let simulation = DetectorSimulation(
            errorRate: 0.1, streams: 100, horizon: 5_000, warmUp: 500, changes: [0.3], patience: 1_000)
        let report = DetectorReport(
            simulation,
            [
                .shiryaevRoberts(baseline: 0.1, runLength: 1_000),
                .cusum(baseline: 0.1, alternative: 0.2, runLength: 1_000),
            ])
        #expect(report.keepsPromises, "\(report.rows)")
        for measured in report.measurements {
            #expect(measured.falseAlarms > 0)
            #expect(measured.delays[0].found >= 98)
            #expect((measured.delays[0].medianRows ?? .max) < 80)
        }
    }

    @Test func `a promise that is broken is noticed`() {
        // The error is thrice what the detector was told: its alarms are right, its promise is not met.
        let simulation = DetectorSimulation(
            errorRate: 0.3, streams: 20, horizon: 1_000, warmUp: 0, changes: [], patience: 1)
        let measured = simulation.measure(.shiryaevRoberts(baseline: 0.1, runLength: 1_000))
        #expect(!measured.keepsPromise)
        #expect(DetectorReport(simulation, measurements: [measured]).rows[0][2].hasSuffix("BROKEN"))
    }

    @Test func `every detector is measured and the report is a table and JSON`() throws {
        let simulation = DetectorSimulation(
            errorRate: 0.08, streams: 3, horizon: 600, warmUp: 300, changes: [0.5, 0.6], patience: 400)
        let report = DetectorReport(simulation, DetectorCandidate.all(baseline: 0.1, runLength: 20_000))
        #expect(
            report.measurements.map(\.candidate.name) == [
                "Shiryaev-Roberts", "CUSUM", "ADWIN", "Page-Hinkley", "DDM", "EDDM", "HDDM-A", "HDDM-W",
                "KSWIN",
                "STEPD",
            ])
        #expect(report.rows.allSatisfy { $0.count == report.header.count })
        #expect(report.header.suffix(2) == ["found at 50.0 %", "found at 60.0 %"])
        #expect(try roundTrip(report) == report)
        #expect(DetectorReport(simulation, DetectorCandidate.all(baseline: 0.1, runLength: 20_000)) == report)
    }

    @Test func `a silent detector has seen all rows and promises no more than that`() {
        let simulation = DetectorSimulation(
            errorRate: 0, streams: 2, horizon: 100, warmUp: 0, changes: [0], patience: 50)
        let measured = simulation.measure(.shiryaevRoberts(baseline: 0.1, runLength: 50))
        #expect(measured.falseAlarms == 0 && measured.rowsPerFalseAlarm == nil && measured.promisePValue == 1)
        #expect(measured.meanRunLength == 100)
        #expect(measured.delays[0].medianRows == nil)
    }
}
