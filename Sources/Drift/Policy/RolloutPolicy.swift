/// Where a version stands on its way to all traffic, and after.
public enum RolloutStage: String, Sendable, Hashable, Codable, CaseIterable {
    /// It answers in the background; clients never meet it.
    case shadow
    /// It answers a share of the requests.
    case canary
    /// It answers all; the version before it goes on answering in the background.
    case probation
}

/// What follows from what was seen.
public enum RolloutDecision: Sendable, Hashable, Codable {
    case goOn
    /// The stage is passed: the next one may begin.
    case pass(String)
    /// The new version does harm: back to the old one, now.
    case back(String)
}

/// How a version takes over: the steps before the swap and the watch after it, as numbers that an
/// operator may change.
///
/// Each stage is judged sequentially, row by row, by evidence that may be looked at after each of
/// them (`PairedEvidence`). Harm ends a stage as soon as it is beyond chance; before the swap a
/// benefit beyond chance ends it early as well.
public struct RolloutPolicy: Sendable, Hashable, Codable {
    /// Labels in the shadow without harm that suffice; nil for no shadow.
    public var shadowLabels: Int?
    /// The share of requests that a canary answers; nil for no canary.
    public var canaryShare: Double?
    /// Labels beside a canary without harm that suffice.
    public var canaryLabels = 500
    /// Seconds of probation; nil for none.
    public var probation: Double? = 7 * 86_400
    /// Labels after which a probation is over even before its time.
    public var probationLabels = 2_000
    /// The rise in error that nobody minds, a share.
    public var harmMargin = 0.01
    /// The chance that a version which does no harm is ever taken back.
    public var harmAlpha = 0.01
    /// The chance that a version which is no better ends its shadow or canary early.
    public var benefitAlpha = 0.05

    public init() {}

    /// The first stage of a version that passed the gate; nil where it takes all traffic at once.
    public var firstStage: RolloutStage? {
        shadowLabels != nil ? .shadow : canaryShare != nil ? .canary : nil
    }

    /// The stage before the swap that follows on another; nil where the swap is next.
    public func stage(after stage: RolloutStage) -> RolloutStage? {
        stage == .shadow && canaryShare != nil ? .canary : nil
    }

    /// Judges a stage; the same evidence always gives the same decision.
    ///
    /// - Parameters:
    ///   - new: the number of the version that takes over, for the sentence.
    ///   - old: the number of the one that it takes over from.
    ///   - seconds: since the stage began.
    public func decide(
        _ stage: RolloutStage, _ evidence: RolloutEvidence, new: Int, old: Int, seconds: Double
    ) -> RolloutDecision {
        let figures = "\(points(evidence.difference)) on \(counted(evidence.count, "label"))"
        if evidence.harm.isConvincing(alpha: harmAlpha) {
            return .back(
                "\(stage.rawValue): version \(new) is worse than version \(old) beyond chance, \(figures), "
                    + "evidence \(magnitude(log10: evidence.harm.log10Evidence)) of "
                    + "\(decimals(1 / harmAlpha, 0))")
        }
        switch stage {
        case .probation:
            guard let probation, seconds < probation, evidence.count < probationLabels else {
                return .pass("probation over: version \(new) did no harm beside version \(old), \(figures)")
            }
        case .shadow, .canary:
            if evidence.benefit.isConvincing(alpha: benefitAlpha) {
                return .pass(
                    "\(stage.rawValue): version \(new) is better than version \(old) beyond chance, \(figures)"
                )
            }
            let enough = (stage == .shadow ? shadowLabels : canaryLabels) ?? 0
            guard evidence.count < enough else {
                return .pass(
                    "\(stage.rawValue): version \(new) did no harm beside version \(old), \(figures)")
            }
        }
        return .goOn
    }

    /// What an operator must correct, one clause a fault; empty where the policy makes sense.
    public var problems: [String] {
        var problems = [String]()
        func require(_ isFine: Bool, _ what: String) { if !isFine { problems.append(what) } }
        require(shadowLabels.map { $0 > 0 } ?? true, "shadowLabels must be at least 1")
        require(canaryShare.map { $0 > 0 && $0 < 1 } ?? true, "canaryShare must be over 0 and under 1")
        require(canaryLabels > 0, "canaryLabels must be at least 1")
        require(probationLabels > 0, "probationLabels must be at least 1")
        require(probation.map { $0 > 0 && $0.isFinite } ?? true, "probation must be over 0 seconds")
        require(harmMargin >= 0 && harmMargin <= 1, "harmMargin must be a share from 0 to 1")
        require(harmAlpha > 0 && harmAlpha < 1, "harmAlpha must be over 0 and under 1")
        require(benefitAlpha > 0 && benefitAlpha < 1, "benefitAlpha must be over 0 and under 1")
        return problems
    }
}
