/// What a challenger must show.
public enum TrialPurpose: String, Sendable, Hashable, Codable {
    /// It must be better on fresh rows beyond chance.
    case benefit
    /// A scheduled or wanted refresh: it must do no harm, on fresh rows as well as on the anchor.
    case refresh
}

/// The measured facts of a trial of a challenger against the champion.
public struct TrialEvidence: Sendable, Hashable, Codable {
    public var purpose: TrialPurpose
    /// Both models on labelled rows newer than the training data.
    public var fresh: PairedOutcomes
    /// Both models on the frozen original hold-out: what must not be forgotten.
    public var anchor: PairedOutcomes
    /// The figure that models of the task are known by, where it is another than accuracy.
    public var freshHeadline: HeadlineFacts?
    public var anchorHeadline: HeadlineFacts?
    /// Both models on parts of the fresh and anchor rows: classes, length buckets, sources.
    public var slices: [SliceOutcomes]
    /// Confidence before and after, where it was measured.
    public var calibration: CalibrationFacts?
    /// Both models on texts in which only a term was swapped that should make no difference, right being an answer
    /// that stays; `nil` where no list of terms was given.
    public var terms: PairedOutcomes?
    /// Whether the challenger works as a thing to be served.
    public var infrastructure: InfrastructureFacts
    /// The challenger alone, where no comparable champion exists: the first model, another label set.
    public var floor: FloorFacts?
    /// How many trials were judged against this anchor, this one included; 1 for the first.
    public var gateNumber: Int
    /// Set where an operator wants the promotion whatever the comparison says.
    public var force: ForcedPromotion?

    public init(
        purpose: TrialPurpose, fresh: PairedOutcomes, anchor: PairedOutcomes, slices: [SliceOutcomes] = [],
        calibration: CalibrationFacts? = nil, infrastructure: InfrastructureFacts, floor: FloorFacts? = nil,
        gateNumber: Int = 1, force: ForcedPromotion? = nil
    ) {
        self.purpose = purpose
        self.fresh = fresh
        self.anchor = anchor
        self.slices = slices
        self.calibration = calibration
        self.infrastructure = infrastructure
        self.floor = floor
        self.gateNumber = gateNumber
        self.force = force
    }
}

/// The figure that models of a task are known by, over all rows of a side: what a verdict tells, and no rule
/// depends on, for it has no rows of its own that could be compared.
public struct HeadlineFacts: Sendable, Hashable, Codable {
    /// Such as "entity F1".
    public let name: String
    /// Whether it is a share of 1, and not a number of some unit.
    public let isShare: Bool
    public let champion: Double
    public let challenger: Double

    public init(name: String, isShare: Bool, champion: Double, challenger: Double) {
        self.name = name
        self.isShare = isShare
        self.champion = champion
        self.challenger = challenger
    }

    /// "entity F1 61.2 % to 74.3 %, by rows ".
    var clause: String {
        func written(_ value: Double) -> String { isShare ? percent(value) : decimals(value, 3) }
        return "\(name) \(written(champion)) to \(written(challenger)), by rows "
    }
}

extension TrialEvidence {
    /// Whether every measured figure is a number that JSON can hold.
    var isFinite: Bool {
        let loss = calibration?.logLossDifference
        return [
            calibration?.championError, calibration?.challengerError, loss?.mean, loss?.lower, loss?.upper,
            floor?.majorityShare, freshHeadline?.champion, freshHeadline?.challenger,
            anchorHeadline?.champion, anchorHeadline?.challenger,
        ].allSatisfy { $0?.isFinite ?? true }
    }
}

/// Paired outcomes on one part of the rows.
public struct SliceOutcomes: Sendable, Hashable, Codable {
    /// What the rows have in common, such as "label positive" or "tokens 65 to 128".
    public let name: String
    public let outcomes: PairedOutcomes

    public init(name: String, outcomes: PairedOutcomes) {
        self.name = name
        self.outcomes = outcomes
    }
}

/// Calibration of both models on the same rows, after temperature scaling.
public struct CalibrationFacts: Sendable, Hashable, Codable {
    /// ECE over 15 bins, a share.
    public let championError: Double
    /// ECE over 15 bins, a share.
    public let challengerError: Double
    /// Challenger's log-loss minus champion's, in nats, from `pairedBootstrap`.
    public let logLossDifference: BootstrapInterval?

    public init(championError: Double, challengerError: Double, logLossDifference: BootstrapInterval?) {
        self.championError = championError
        self.challengerError = challengerError
        self.logLossDifference = logLossDifference
    }
}

/// What was found when the challenger was loaded from disk and asked.
public struct InfrastructureFacts: Sendable, Hashable, Codable {
    /// Why it could not be loaded, or nil where it could.
    public let loadError: String?
    /// Requests repeated on the loaded model and compared with the trainer's logits.
    public let goldenRequests: Int
    /// The greatest absolute difference of a logit; nil where one was not finite.
    public let worstGoldenDifference: Double?
    /// p95 latency over the champion's, where it was measured.
    public let latencyRatio: Double?
    /// What the server takes of memory with champion and challenger loaded, where it was measured.
    public let residentBytes: Int?

    public init(
        loadError: String?, goldenRequests: Int, worstGoldenDifference: Double?, latencyRatio: Double?,
        residentBytes: Int? = nil
    ) {
        self.residentBytes = residentBytes
        self.loadError = loadError
        self.goldenRequests = goldenRequests
        self.worstGoldenDifference = worstGoldenDifference.flatMap { $0.isFinite ? $0 : nil }
        self.latencyRatio = latencyRatio.flatMap { $0.isFinite ? $0 : nil }
    }
}

/// A challenger without a comparable champion, on held-out rows.
public struct FloorFacts: Sendable, Hashable, Codable {
    public let correct: Int
    public let count: Int
    /// What a constant answer would score: of classes the share of the most frequent one.
    public let majorityShare: Double
    /// What the share of right answers is called where answers can be partly right; nil for accuracy.
    public let measure: String?

    public init(correct: Int, count: Int, majorityShare: Double, measure: String? = nil) {
        requireProportion(correct, of: count)
        self.correct = correct
        self.count = count
        self.majorityShare = majorityShare
        self.measure = measure
    }
}

/// An operator's order to promote.
public struct ForcedPromotion: Sendable, Hashable, Codable {
    /// Who ordered it.
    public let actor: String
    /// Why; an empty reason is refused.
    public let reason: String

    public init(actor: String, reason: String) {
        self.actor = actor
        self.reason = reason
    }
}
