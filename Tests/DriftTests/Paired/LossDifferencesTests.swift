import Drift
import FoundationEssentials
import TestSupport
import Testing

/// Numbers that SciPy drew for the same losses.
private struct PairedReference: Decodable {
    struct Case: Decodable {
        let champion: [Double]
        let challenger: [Double]
        let mean: Double
        let meanSquare: Double
        let p: Double
        let lower95: Double
        let upper95: Double
        let lower999: Double
        let standardError: Double

        var outcomes: PairedOutcomes {
            PairedOutcomes(championLosses: champion, challengerLosses: challenger)
        }
    }

    let cases: [Case]

    static let shared = try! JSONDecoder().decode(
        PairedReference.self, from: fixture("paired.json", beside: Stream.file))
}

@Suite struct LossDifferencesTests {
    @Test func `bounds and p-values are those of SciPy's bootstrap, as near as lots can be`() {
        for row in PairedReference.shared.cases {
            let outcomes = row.outcomes
            #expect(isClose(outcomes.difference, row.mean, 1e-5))
            #expect(isClose(outcomes.discordance, row.meanSquare, 1e-5))
            // Of 2,000 lots a quantile of 5 % is known to a twentieth of the standard error.
            let near = 0.15 * row.standardError
            let bounds = outcomes.bounds(confidence: 0.95)
            #expect(abs(bounds.lower - row.lower95) < near && abs(bounds.upper - row.upper95) < near)
            #expect(abs(outcomes.bounds(confidence: 0.999).lower - row.lower999) < 2 * near)
            let p = outcomes.pValue(alpha: 0.0002)
            #expect(abs(p - row.p) < 0.003 + 0.1 * row.p, "\(p) \(row.p)")
        }
    }

    @Test func `the order of the rows says nothing, and what is counted is what was lost`() {
        let row = PairedReference.shared.cases[1]
        let turned = PairedOutcomes(
            championLosses: row.champion.reversed(), challengerLosses: row.challenger.reversed())
        #expect(turned.partial?.values == row.outcomes.partial?.values)
        #expect(turned.partial?.counts == row.outcomes.partial?.counts)
        let all = row.champion.reduce(0, +)
        #expect(isClose(turned.championAccuracy, 1 - all / 200, 1e-12))
        #expect(turned.championCorrect == 200 - Int(all.rounded()))
        #expect(turned.bothRight + turned.gains + turned.losses + turned.bothWrong == 200)
    }

    @Test func `losses that are 0 or 1 tell what right and wrong answers tell`() {
        var random = Drift.SplitMix64(seed: 5)
        let champion = (0..<300).map { _ in random.uniform() < 0.3 ? 1.0 : 0 }
        let challenger = champion.map { loss in random.uniform() < 0.1 ? 1 - loss : loss }
        let partly = PairedOutcomes(championLosses: champion, challengerLosses: challenger)
        let wholly = PairedOutcomes(
            champion: champion.map { $0 == 0 }, challenger: challenger.map { $0 == 0 })

        #expect(isClose(partly.difference, wholly.difference, 1e-12))
        #expect(isClose(partly.discordance, wholly.discordance, 1e-12))
        #expect(partly.championCorrect == wholly.championCorrect)
        #expect(
            partly.moreRowsToDecide(margin: 0.02, alpha: 0.05)
                == wholly.moreRowsToDecide(margin: 0.02, alpha: 0.05))
        #expect(abs(partly.pValue(alpha: 0.05) - wholly.pValue(alpha: 0.05)) < 0.05)
    }

    @Test func `a challenger that is no better passes about as seldom as is allowed`() {
        var random = Drift.SplitMix64(seed: 23)
        let levels: [Double] = [0, 0.2, 1 / 3, 0.5, 1]
        let passed = (0..<400).count { _ in
            func losses() -> [Double] {
                (0..<150).map { _ in levels[Int(random.uniform() * 5)] }
            }
            let (champion, challenger) = (losses(), losses())
            return PairedOutcomes(championLosses: champion, challengerLosses: challenger).pValue(alpha: 0.05)
                <= 0.05
        }
        // Of 400 a true rate of 5 % gives more than 34 once in a thousand times.
        #expect(passed <= 34, "\(passed)")
    }

    @Test func `nothing is shown by no rows`() {
        let none = PairedOutcomes(championLosses: [], challengerLosses: [])
        #expect(none.pValue(alpha: 0.05) == 1 && none.difference == 0)
        let bounds = none.bounds(confidence: 0.95)
        #expect(bounds.lower == -1 && bounds.upper == 1)
    }

    @Test func `a verdict on losses is written down and reached again`() throws {
        let row = PairedReference.shared.cases[3]
        var trial = TrialEvidence(
            purpose: .benefit, fresh: row.outcomes,
            anchor: PairedOutcomes(championLosses: row.champion, challengerLosses: row.champion),
            infrastructure: InfrastructureFacts(
                loadError: nil, goldenRequests: 32, worstGoldenDifference: 0, latencyRatio: 1), gateNumber: 3)
        trial.freshHeadline = HeadlineFacts(
            name: "entity F1", isShare: true, champion: 0.612, challenger: 0.743)
        trial.anchorHeadline = HeadlineFacts(
            name: "entity F1", isShare: true, champion: 0.7, challenger: 0.71)
        let policy = PromotionPolicy()
        let verdict = policy.decide(trial)

        #expect(verdict.sentence.hasPrefix("promoted: fresh entity F1 61.2 % to 74.3 %, by rows +"))
        #expect(verdict.sentence.contains("anchor entity F1 70.0 % to 71.0 %, by rows 0.0 points"))
        #expect(verdict.checks.first { $0.name == "calibration" }?.outcome == .skipped)
        let stored = try JSONDecoder().decode(PromotionVerdict.self, from: JSONEncoder().encode(verdict))
        #expect(stored == verdict)
        let (trialAgain, policyAgain) = (try #require(stored.trial), try #require(stored.policy))
        #expect(policyAgain.decide(trialAgain) == verdict)
    }
}
