/// Everything that the decision whether to train again depends on, as plain facts.
///
/// All times are seconds since one common origin (the daemon uses 1970); nothing here asks a clock.
public struct Evidence: Sendable, Hashable, Codable {
    /// The time of the decision, in seconds.
    public var now: Double
    /// Labelled rows that arrived since the data of the last training were cut off.
    public var newLabels: Int
    /// Whether a run is queued, training or being judged.
    public var isTraining: Bool
    /// When the last run ended, in seconds; nil before the first. One that was only stopped does not count.
    public var lastRunEndedAt: Double?
    /// How many runs in a row ended without a promotion.
    public var refusalsInARow: Int
    /// When the runs of the last day started, in seconds; older times are ignored.
    public var recentRunStarts: [Double]
    /// Seconds of processor time that the runs of the last day took.
    public var cpuSecondsToday: Double
    /// What changed about the requests, labelled or not, in the words of reports: "text length".
    public var shiftedInputs: [String]
    /// The alarm that stands on the accuracy of the live model, if any.
    public var accuracyAlarm: AccuracyAlarm?
    /// The errors that a new model might have spared, if the live model has a promise to measure by.
    public var avoidableErrors: AvoidableErrors?
    /// What an operator asked for, if anything.
    public var request: ManualRequest?

    public init(
        now: Double, newLabels: Int, isTraining: Bool = false, lastRunEndedAt: Double? = nil,
        refusalsInARow: Int = 0, recentRunStarts: [Double] = [], cpuSecondsToday: Double = 0,
        shiftedInputs: [String] = [], accuracyAlarm: AccuracyAlarm? = nil,
        avoidableErrors: AvoidableErrors? = nil, request: ManualRequest? = nil
    ) {
        self.now = now
        self.newLabels = newLabels
        self.isTraining = isTraining
        self.lastRunEndedAt = lastRunEndedAt
        self.refusalsInARow = refusalsInARow
        self.recentRunStarts = recentRunStarts
        self.cpuSecondsToday = cpuSecondsToday
        self.shiftedInputs = shiftedInputs
        self.accuracyAlarm = accuracyAlarm
        self.avoidableErrors = avoidableErrors
        self.request = request
    }
}

/// A detector's standing alarm that the error has risen above its promise.
public struct AccuracyAlarm: Sendable, Hashable, Codable {
    /// The detector's name.
    public let detector: String
    /// log₁₀ of the evidence.
    public let log10Evidence: Double
    /// log₁₀ of the threshold that it passed.
    public let log10Threshold: Double
    /// Labels that the detector had seen by then.
    public let observations: Int
    /// How many labels ago the change seems to have begun, where the detector has a view.
    public let labelsSinceChange: Int?

    public init(
        detector: String, log10Evidence: Double, log10Threshold: Double, observations: Int,
        labelsSinceChange: Int?
    ) {
        self.detector = detector
        self.log10Evidence = log10Evidence
        self.log10Threshold = log10Threshold
        self.observations = observations
        self.labelsSinceChange = labelsSinceChange
    }

    /// The alarm that a detector raises now; nil where it raises none.
    public init?(_ detector: ShiryaevRoberts) {
        guard detector.verdict == .drift else { return nil }
        self.init(
            detector: detector.name, log10Evidence: detector.log10Evidence,
            log10Threshold: detector.log10Threshold, observations: detector.observations,
            labelsSinceChange: detector.changeBegan.map { detector.observations - $0 })
    }
}

/// An operator's wish to train now.
public struct ManualRequest: Sendable, Hashable, Codable {
    /// Who asked.
    public let actor: String
    /// Why, in the operator's words; may be empty.
    public let reason: String

    public init(actor: String, reason: String) {
        self.actor = actor
        self.reason = reason
    }
}
