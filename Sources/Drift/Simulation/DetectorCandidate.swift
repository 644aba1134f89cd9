/// A detector to be measured, and what it promises.
public struct DetectorCandidate: Sendable, Hashable, Codable {
    /// The detector's name.
    public let name: String
    /// Its settings, in words.
    public let settings: String
    /// The promised mean number of rows until a false alarm; nil where it promises none.
    public let promisedRunLength: Double?
    let maker: Maker

    /// Which detector: a value that can be stored and made again.
    enum Maker: Sendable, Hashable, Codable {
        case shiryaevRoberts(baseline: Double, runLength: Double)
        case cusum(baseline: Double, alternative: Double, runLength: Double)
        case adwin, ddm, eddm, hddmA, hddmW, pageHinkley, kswin, stepd
    }

    /// A new detector with these settings.
    public var detector: any DriftDetector {
        switch maker {
        case .shiryaevRoberts(let m, let a): ShiryaevRoberts(baseline: m, averageRunLength: a)
        case .cusum(let m, let n, let a): CUSUM(baseline: m, alternative: n, averageRunLength: a)
        case .adwin: ADWIN()
        case .ddm: DDM()
        case .eddm: EDDM()
        case .hddmA: HDDMA()
        case .hddmW: HDDMW()
        case .pageHinkley: PageHinkley()
        case .kswin: KSWIN()
        case .stepd: STEPD()
        }
    }

    /// The e-detector that raises Hone's alarm, for a promised error rate.
    public static func shiryaevRoberts(baseline: Double, runLength: Double) -> DetectorCandidate {
        DetectorCandidate(
            name: ShiryaevRoberts.name,
            settings: "error at most \(percent(baseline)), threshold \(decimals(runLength, 0))",
            promisedRunLength: runLength, maker: .shiryaevRoberts(baseline: baseline, runLength: runLength))
    }

    /// Page's sum for one rise of the error rate.
    public static func cusum(baseline: Double, alternative: Double, runLength: Double) -> DetectorCandidate {
        DetectorCandidate(
            name: CUSUM.name,
            settings: "error from \(percent(baseline)) to \(percent(alternative)), "
                + "threshold \(decimals(runLength, 0))",
            promisedRunLength: runLength,
            maker: .cusum(baseline: baseline, alternative: alternative, runLength: runLength))
    }

    /// Every detector: the two with a promise for an error of at most `baseline`, the others at the
    /// defaults of their papers and of river.
    public static func all(baseline: Double, runLength: Double) -> [DetectorCandidate] {
        let plain: [(String, String, Maker)] = [
            (ADWIN.name, "δ = 0.002", .adwin), (PageHinkley.name, "δ = 0.005, λ = 50", .pageHinkley),
            (DDM.name, "2 s, 3 s", .ddm), (EDDM.name, "α = 0.95, β = 0.9", .eddm),
            (HDDMA.name, "α = 0.001", .hddmA), (HDDMW.name, "α = 0.001, λ = 0.05", .hddmW),
            (KSWIN.name, "α = 0.005, 30 of 100", .kswin), (STEPD.name, "α = 0.003, newest 30", .stepd),
        ]
        return [
            .shiryaevRoberts(baseline: baseline, runLength: runLength),
            .cusum(
                baseline: baseline, alternative: min(0.99, baseline + max(0.05, baseline / 2)),
                runLength: runLength),
        ]
            + plain.map {
                DetectorCandidate(name: $0.0, settings: $0.1, promisedRunLength: nil, maker: $0.2)
            }
    }
}
