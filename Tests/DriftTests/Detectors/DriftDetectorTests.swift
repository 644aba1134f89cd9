import Drift
import Testing

/// What every detector promises, whatever its method.
@Suite struct DriftDetectorTests {
    static let detectors: [any DriftDetector] = [
        ShiryaevRoberts(baseline: 0.1), ShiryaevRoberts(baseline: 0.6, averageRunLength: 100),
        ADWIN(), ADWIN(delta: 0.3, clock: 1), PageHinkley(), PageHinkley(threshold: 1, direction: .up), DDM(),
        EDDM(), HDDMA(), HDDMA(isTwoSided: true), HDDMW(), HDDMW(isTwoSided: true), KSWIN(), STEPD(),
        CUSUM(baseline: 0.1, alternative: 0.2), CUSUM(baseline: 0.3, alternative: 0.6, averageRunLength: 50),
    ]

    /// They measure a stream against its own past, not against a promise.
    static let withoutPromise: [any DriftDetector] = [
        ADWIN(), PageHinkley(), DDM(), EDDM(), HDDMA(isTwoSided: true), HDDMW(isTwoSided: true), KSWIN(),
        STEPD(),
    ]

    static let stream = Stream(seed: 17, .coin, [600, 0.05], [600, 0.9]).values

    @Test(arguments: detectors) func `a stream of zeros raises no alarm`(_ detector: any DriftDetector) {
        var detector = detector
        for _ in 0..<10_000 {
            detector.update(0)
            guard detector.verdict == .stable else { break }
        }

        #expect(detector.verdict == .stable)
        #expect(detector.observations == 10_000)
    }

    @Test(arguments: withoutPromise, [0.1, 0.5, 1])
    func `a detector without a promised level is silent on any constant`(
        _ detector: any DriftDetector, _ constant: Double
    ) {
        var detector = detector
        for _ in 0..<10_000 {
            detector.update(constant)
            guard detector.verdict == .stable else { break }
        }

        #expect(detector.verdict == .stable)
    }

    @Test(arguments: detectors) func `the same stream gives the same state`(_ detector: any DriftDetector) {
        func check(_ detector: some DriftDetector) {
            var (one, other) = (detector, detector)
            for x in Self.stream { one.update(x) }
            for x in Self.stream { other.update(x) }
            #expect(one == other)
            #expect(one != detector)
        }
        check(detector)
    }

    @Test(arguments: detectors) func `a reset detector equals a new one`(_ detector: any DriftDetector) {
        func check(_ detector: some DriftDetector) {
            var used = detector
            for x in Self.stream { used.update(x) }
            used.reset()
            #expect(used == detector)
        }
        check(detector)
    }

    @Test(arguments: detectors, [Double.nan, .infinity, -.infinity])
    func `a value that is no number is refused and changes nothing`(
        _ detector: any DriftDetector, _ x: Double
    ) {
        func check(_ detector: some DriftDetector) {
            var detector = detector
            for x in Self.stream.prefix(700) { detector.update(x) }
            let before = detector
            #expect(!detector.accepts(x))
            #expect(detector.update(x) == before.verdict)
            #expect(detector == before)
        }
        check(detector)
    }

    @Test(arguments: detectors) func `a tenfold error is noticed and dated`(_ detector: any DriftDetector)
        throws
    {
        var detector = detector
        var alarm: (at: Int, began: Int?)?
        for (index, x) in Self.stream.enumerated() where alarm == nil && detector.update(x) == .drift {
            alarm = (index, detector.changeBegan)
        }

        let found = try #require(alarm)
        let began = try #require(found.began)
        #expect(began <= found.at)
        #expect(began >= 0)
    }

    @Test(arguments: detectors) func `names tell detectors apart`(_ detector: any DriftDetector) {
        let names = [
            "Shiryaev-Roberts", "ADWIN", "Page-Hinkley", "DDM", "EDDM", "HDDM-A", "HDDM-W", "KSWIN", "STEPD",
            "CUSUM",
        ]
        #expect(names.contains(detector.name))
    }

    @Test(arguments: detectors) func `half a stream, stored and read again, goes on as if never stored`(
        _ detector: any DriftDetector
    ) throws {
        func check<Detector: DriftDetector & Codable>(_ detector: Detector) throws {
            var detector = detector
            for x in Self.stream.prefix(650) { detector.update(x) }
            var restored = try roundTrip(detector)
            for x in Self.stream.dropFirst(650) {
                detector.update(x)
                restored.update(x)
            }
            #expect(restored == detector)
        }
        let storable = try #require(detector as? any DriftDetector & Codable)
        try check(storable)
    }

    @Test func `verdicts are ordered by urgency`() {
        #expect(Verdict.allCases.sorted() == [.stable, .warning, .drift])
    }
}
