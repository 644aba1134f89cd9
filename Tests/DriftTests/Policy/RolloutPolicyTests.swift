import Drift
import Testing

@Suite struct RolloutPolicyTests {
    private let policy = RolloutPolicy()

    /// Evidence in which the new version gains and loses so many rows, in turn with rows of no difference.
    private func evidence(gains: Int, losses: Int, equal: Int) -> RolloutEvidence {
        var evidence = RolloutEvidence(harmMargin: policy.harmMargin)
        for _ in 0..<equal { evidence.update(oldLoss: 0, newLoss: 0) }
        for _ in 0..<gains { evidence.update(oldLoss: 1, newLoss: 0) }
        for _ in 0..<losses { evidence.update(oldLoss: 0, newLoss: 1) }
        return evidence
    }

    private func decision(
        _ stage: RolloutStage, _ evidence: RolloutEvidence, _ policy: RolloutPolicy? = nil,
        seconds: Double = 60
    ) -> RolloutDecision {
        (policy ?? self.policy).decide(stage, evidence, new: 5, old: 4, seconds: seconds)
    }

    @Test func `by default a version takes all traffic at once and is on probation`() {
        #expect(policy.firstStage == nil)
        #expect(policy.probation == 604_800.0)
        #expect(policy.problems.isEmpty)
    }

    @Test func `the steps before the swap are those that are switched on`() {
        var policy = policy
        policy.canaryShare = 0.1
        #expect(policy.firstStage == .canary && policy.stage(after: .canary) == nil)
        policy.shadowLabels = 200
        #expect(policy.firstStage == .shadow && policy.stage(after: .shadow) == .canary)
        policy.canaryShare = nil
        #expect(policy.firstStage == .shadow && policy.stage(after: .shadow) == nil)
    }

    @Test(arguments: RolloutStage.allCases) func `harm beyond chance goes back at any stage`(
        _ stage: RolloutStage
    ) {
        var policy = policy
        policy.shadowLabels = 1_000
        let sentence = "\(stage.rawValue): version 5 is worse than version 4 beyond chance, −20.0 points on "
        guard case .back(let said) = decision(stage, evidence(gains: 0, losses: 30, equal: 120), policy)
        else {
            Issue.record("it stays")
            return
        }
        #expect(said.hasPrefix(sentence + "150 labels, evidence "), "\(said)")
        #expect(said.hasSuffix(" of 100"))
    }

    @Test func `a probation ends with its labels or its days`() {
        let some = evidence(gains: 3, losses: 2, equal: 95)
        #expect(decision(.probation, some) == .goOn)
        #expect(
            decision(.probation, some, seconds: 7 * 86_400)
                == .pass(
                    "probation over: version 5 did no harm beside version 4, +1.0 points on 100 labels"))
        guard case .pass = decision(.probation, evidence(gains: 20, losses: 20, equal: 1_960)) else {
            Issue.record("2,000 labels are enough")
            return
        }
    }

    @Test func `a shadow ends with enough labels, or early where the benefit is plain`() {
        var policy = policy
        policy.shadowLabels = 500
        #expect(decision(.shadow, evidence(gains: 5, losses: 5, equal: 100), policy) == .goOn)
        guard case .pass(let enough) = decision(.shadow, evidence(gains: 5, losses: 5, equal: 490), policy),
            case .pass(let better) = decision(.shadow, evidence(gains: 40, losses: 0, equal: 60), policy)
        else {
            Issue.record("both pass")
            return
        }
        #expect(enough.hasPrefix("shadow: version 5 did no harm"))
        #expect(better.hasPrefix("shadow: version 5 is better than version 4 beyond chance, +40.0 points"))
    }

    @Test func `a senseless policy says what is wrong`() {
        var policy = policy
        policy.canaryShare = 1
        policy.harmAlpha = 0
        #expect(policy.problems.count == 2)
    }

    @Test func `policies survive JSON`() throws {
        #expect(try roundTrip(policy) == policy)
    }
}
