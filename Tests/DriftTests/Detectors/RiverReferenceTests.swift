import Drift
import FoundationEssentials
import TestSupport
import Testing

/// Every detector that river has finds what river finds, at the same index; STEPD what SciPy's test finds.
@Suite struct RiverReferenceTests {
    struct Reference: Decodable {
        let runs: [Run]
    }

    struct Run: Decodable, CustomTestStringConvertible {
        let detector: String
        let seed: UInt64
        let kind: Stream.Kind
        let parts: [[Double]]
        let drifts: [Int]
        let warnings: Int
        let firstWarning: Int?
        let width: Int?
        let estimation: Double?
        let variance: Double?

        var testDescription: String { "\(detector) on stream \(seed)" }
    }

    static let runs = try! JSONDecoder().decode(
        Reference.self, from: fixture("detectors.json", beside: Stream.file)
    ).runs

    static func detector(_ name: String) -> any DriftDetector {
        switch name {
        case "ADWIN": ADWIN()
        case "ADWIN every value":
            ADWIN(delta: 0.01, clock: 1, maximumBuckets: 3, minimumWindow: 8, gracePeriod: 50)
        case "Page-Hinkley": PageHinkley()
        case "Page-Hinkley up":
            PageHinkley(
                minimumObservations: 50, tolerance: 0.01, threshold: 20, fading: 0.999, direction: .up)
        case "DDM": DDM()
        case "EDDM": EDDM()
        case "EDDM patient": EDDM(warmUp: 50, warningRatio: 0.8, driftRatio: 0.75)
        case "HDDM-A": HDDMA()
        case "HDDM-A both ways": HDDMA(driftConfidence: 0.01, warningConfidence: 0.05, isTwoSided: true)
        case "HDDM-W": HDDMW()
        case "HDDM-W both ways": HDDMW(weight: 0.02, isTwoSided: true)
        case "KSWIN": KSWIN(alpha: 0.0005, windowSize: 80, sampleSize: 40)
        case "STEPD": STEPD()
        default: fatalError("no detector is called \(name)")
        }
    }

    @Test(arguments: runs) func `drift is found at river's indices`(_ run: Run) throws {
        var detector = Self.detector(run.detector)
        var (drifts, warnings) = ([Int](), [Int]())
        let values = Stream(seed: run.seed, run.kind, parts: run.parts).values
        for (index, x) in values.enumerated() {
            switch detector.update(x) {
            case .drift: drifts.append(index)
            case .warning: warnings.append(index)
            case .stable: break
            }
        }

        #expect(drifts == run.drifts)
        #expect(warnings.count == run.warnings)
        #expect(warnings.first == run.firstWarning)
        guard let adwin = detector as? ADWIN else { return }
        #expect(adwin.width == run.width)
        #expect(isClose(adwin.estimation, try #require(run.estimation)))
        #expect(isClose(adwin.variance, try #require(run.variance), 1e-9))
    }
}
