/// Maximum mean discrepancy row by row: has what comes in moved away from the reference?
///
/// The newest W vectors are compared with a fixed reference by the unbiased MMD² of
/// `maximumMeanDiscrepancy`; drift is declared while it exceeds the threshold of `Calibration`.
/// The first test is made when W rows have come. The thresholds are such that on an unchanged
/// stream the number of tests until a false alarm is geometric with the mean
/// `Calibration.expectedRunTime`: the promise of `ShiryaevRoberts`, here met on average over
/// references rather than bounded for each. Long windows see small moves, short ones soon.
///
/// It needs no label and knows of no harm: let it ask for labels.
///
/// The kernel of a new row with m reference rows is O((m + W) d); memory (m + W) · d floats.
///
/// Source: Cobb, Van Looveren and Klaise, *Sequential Multivariate Change Detection with Calibrated
/// and Memoryless False Detection Rates*, [arXiv:2108.00883](https://arxiv.org/abs/2108.00883).
public struct OnlineMMD: Sendable, Equatable, Codable {
    public static let name = "online MMD"

    public let calibration: Calibration

    /// The verdict on the newest window; `.stable` until it is full.
    public private(set) var verdict = Verdict.stable
    /// How many vectors were taken.
    public private(set) var observations = 0
    /// MMD² of the newest window; nil until it is full.
    public private(set) var statistic: Double?
    /// The index of the value with which the threshold was first passed, since `reset`.
    public private(set) var firstAlarm: Int?

    private let reference: [[Float]]
    /// Mean kernel of two different reference rows.
    private let withinReference: Double
    private var window: [[Float]] = []
    /// Σ over the reference of the kernel with each row of the window.
    private var across: [Double] = []
    private var oldest = 0
    /// Σ of the kernel over ordered pairs of the window.
    private var within = 0.0

    /// A watch over vectors like those that `calibration` was made from.
    ///
    /// - Parameter reference: the same vectors, in the same order, as those of the calibration.
    public init(reference: [[Float]], calibration: Calibration) {
        precondition(
            reference.count == calibration.referenceCount,
            "the calibration is for \(calibration.referenceCount) rows, not \(reference.count)")
        self.calibration = calibration
        // As many rows are set aside as each bootstrap set aside to play the stream.
        var random = SplitMix64(seed: calibration.seed)
        let kept = random.sample(reference.count - calibration.heldOut, of: reference.count)
        self.reference = kept.map { reference[$0] }
        let kernel = KernelMatrix(self.reference, bandwidth: calibration.bandwidth)
        let m = Double(kept.count)
        withinReference = kernel.rowSums.reduce(0, +) / (m * (m - 1))
    }

    /// The threshold that the next test is held against.
    public var threshold: Double {
        let tests = max(0, observations - calibration.windowSize)
        return calibration.thresholds[min(tests, calibration.thresholds.count - 1)]
    }

    /// The index of the oldest row of the window that raised the alarm: drift began about there or later.
    public var changeBegan: Int? { firstAlarm.map { $0 + 1 - calibration.windowSize } }

    /// Takes the next vector; one with a number that is not finite changes nothing.
    @discardableResult
    public mutating func update(_ vector: [Float]) -> Verdict {
        guard vector.allSatisfy(\.isFinite) else { return verdict }
        let size = calibration.windowSize
        let kernels = window.map { calibration.kernel($0, vector) }
        let sum = reference.reduce(0) { $0 + calibration.kernel($1, vector) }
        if window.count < size {
            within += 2 * kernels.reduce(0, +)
            window.append(vector)
            across.append(sum)
        } else {
            let gone = window[oldest]
            let lost = window.reduce(-1) { $0 + calibration.kernel(gone, $1) }
            within += 2 * (kernels.reduce(0, +) - kernels[oldest] - lost)
            window[oldest] = vector
            across[oldest] = sum
            oldest = (oldest + 1) % size
        }
        observations += 1
        if window.count == size { judge() }
        return verdict
    }

    private mutating func judge() {
        let (w, m) = (Double(window.count), Double(reference.count))
        let value =
            withinReference + within / (w * (w - 1)) - 2 * across.reduce(0, +) / (m * w)
        statistic = value
        verdict = value > threshold ? .drift : .stable
        if verdict == .drift, firstAlarm == nil { firstAlarm = observations - 1 }
    }

    /// Forgets the stream and keeps reference and thresholds.
    public mutating func reset() {
        (verdict, observations, statistic, firstAlarm) = (.stable, 0, nil, nil)
        (window, across, oldest, within) = ([], [], 0, 0)
    }
}
