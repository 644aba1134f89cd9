/// When a challenger replaces the champion: the gate, as numbers that an operator may change.
///
/// "At least as good on 500 rows" promotes an equally good model every second time. So each rule
/// here is a test with a stated error, each rule is checked and reported even after another has
/// failed, and nothing passes for lack of evidence:
///
/// 1. benefit: better on fresh rows, exact one-sided McNemar p ≤ α (a refresh: not worse); where answers can
///    be partly right, the paired bootstrap of their losses takes McNemar's place;
/// 2. anchor: the fall on the frozen hold-out is less than a margin, by its one-sided bound;
/// 3. slices: no part of the rows is worse beyond chance; a large fall holds for an operator;
/// 4. calibration: confidence stays honest;
/// 5. churn: few answers that were right become wrong on the anchor;
/// 6. infrastructure: loads, repeats the trainer's answers, is fast and small enough;
/// 7. floor: with no champion to compare, good enough in itself;
/// 8. terms: where there is a list of terms that should make no difference, they make no more of one.
///
/// Force overrides 1-5, 7 and 8 with a reason, never 6: what does not run cannot be served.
public struct PromotionPolicy: Sendable, Hashable, Codable {
    /// α of the benefit test and 1 − confidence of all bounds.
    public var alpha = 0.05
    /// Fresh rows without which nothing is promoted.
    public var minimumFreshRows = 200
    /// The fall on the anchor that is put up with, a share.
    public var anchorMargin = 0.02
    /// Anchor rows without which nothing is promoted.
    public var minimumAnchorRows = 200
    /// Rows without which a slice is not judged.
    public var minimumSliceRows = 50
    /// The fall of a slice from which an operator must look, a share.
    public var sliceHold = 0.10
    /// The rise of the calibration error that is put up with, a share.
    public var calibrationMargin = 0.02
    /// Negative flips on the anchor: the share from which to warn.
    public var churnWarning = 0.03
    /// Negative flips on the anchor: the greatest share allowed.
    public var churnLimit = 0.05
    /// The greatest absolute difference of a logit between trainer and server.
    public var goldenTolerance = 1e-4
    /// The greatest p95 latency allowed, as a multiple of the champion's.
    public var latencyLimit = 1.2
    /// The most memory that the server may take with the challenger loaded, in bytes; nil for any.
    public var memoryLimit: Double?
    /// The accuracy that a model without a champion must exceed by its 95 % lower bound.
    public var floorAccuracy = 0.6
    /// By how much it must also exceed the share of the most frequent class.
    public var floorLead = 0.02
    /// Whether the claim of a benefit in trial j against one anchor may spend only α·6/(π²j²).
    ///
    /// All such claims in an anchor's life together then err at most α, at the price that late ones
    /// need stronger proof. Bounds that only tolerate a fall stay at α: see decision 0020.
    public var spendsAlpha = true
    /// Trials after which an anchor is worn out and should be replaced.
    public var anchorLifetime = 50

    public init() {}

    /// Judges a trial; the same evidence always gives the same verdict.
    public func decide(_ trial: TrialEvidence) -> PromotionVerdict {
        let infrastructure = infrastructureChecks(trial.infrastructure)
        var comparison: [Check]
        if let floor = trial.floor {
            comparison = [floorCheck(floor)]
        } else {
            comparison = [benefitCheck(trial), anchorCheck(trial)]
            comparison += slicesChecks(trial) + [calibrationCheck(trial), churnCheck(trial)]
            comparison += trial.terms.map { [termsCheck($0)] } ?? []
            comparison.append(wearCheck(trial))
        }
        return verdict(trial, infrastructure: infrastructure, comparison: comparison)
    }

    /// The significance of a benefit in trial j: α, or its share α·6/(π²j²) where `spendsAlpha` is on.
    public func alpha(ofGate number: Int) -> Double {
        let j = Double(max(1, number))
        let share = spendsAlpha ? 6 / (Double.pi * Double.pi * j * j) : 1
        return usable(alpha * share)
    }

    /// A significance that a normal quantile exists for, whatever the configuration says.
    func usable(_ alpha: Double) -> Double { alpha > 1e-12 ? min(alpha, 0.5) : 1e-12 }

    private func verdict(
        _ trial: TrialEvidence, infrastructure: [Check], comparison: [Check]
    ) -> PromotionVerdict {
        let works = infrastructure.allSatisfy(\.passed)
        let convinces = comparison.allSatisfy(\.passed)
        let order = trial.force.map(forceCheck)
        let isForced = works && !convinces && (order?.passed ?? false)
        let isPromoted = works && (convinces || isForced)
        let checks = comparison + infrastructure + (order.map { [$0] } ?? [])
        let failed = checks.filter { $0.outcome == .failed }
        let held = checks.filter { $0.outcome == .held }
        let more = isPromoted ? nil : moreFreshLabels(trial, comparison)
        let moreAnchor = isPromoted ? nil : moreAnchorRows(trial, comparison)
        let kind: PromotionVerdict.Kind =
            if isForced { .forced } else if trial.floor != nil { .floor } else if trial.purpose == .refresh {
                .nonInferiority
            } else { .benefit }

        let against = (failed + held).map(\.statement).joined(separator: "; ")
        let sentence: String
        if isForced, let force = trial.force {
            sentence = "promoted by order of \(force.actor) (\(force.reason)), against: \(against)"
        } else if isPromoted {
            sentence = "promoted: " + (comparison.prefix(2).map(\.statement).joined(separator: "; "))
        } else {
            let word = failed.isEmpty ? "held for an operator" : "refused"
            let missing = [
                more.map { counted($0, "more fresh label") },
                moreAnchor.map { counted($0, "more anchor row") },
            ].compactMap { $0 }
            let hint = missing.isEmpty ? "" : "; \(missing.joined(separator: " and ")) would probably decide"
            sentence = "\(word): \(against)\(hint)"
        }
        return PromotionVerdict(
            isPromoted: isPromoted, isHeld: !isPromoted && failed.isEmpty, kind: kind, checks: checks,
            moreFreshLabels: more, moreAnchorRows: moreAnchor, sentence: sentence,
            trial: trial.isFinite ? trial : nil, policy: trial.isFinite ? self : nil)
    }

    /// A failed benefit test can be cured by labels, unless there is no benefit to be seen.
    private func moreFreshLabels(_ trial: TrialEvidence, _ comparison: [Check]) -> Int? {
        guard let benefit = comparison.first(where: { $0.name == "benefit" }), !benefit.passed else {
            return nil
        }
        let missing = max(0, minimumFreshRows - trial.fresh.count)
        let margin = trial.purpose == .refresh ? anchorMargin : 0
        let significance = trial.purpose == .refresh ? usable(alpha) : alpha(ofGate: trial.gateNumber)
        return within(
            reach: max(minimumFreshRows, trial.fresh.count), missing,
            trial.fresh.moreRowsToDecide(margin: margin, alpha: significance))
    }

    /// A failed anchor test can be cured by rows where the fall itself is within the margin: then the
    /// bound is only too wide. A greater fall needs another model.
    private func moreAnchorRows(_ trial: TrialEvidence, _ comparison: [Check]) -> Int? {
        guard let anchor = comparison.first(where: { $0.name == "anchor" }), !anchor.passed else {
            return nil
        }
        let missing = max(0, minimumAnchorRows - trial.anchor.count)
        return within(
            reach: max(minimumAnchorRows, trial.anchor.count), missing,
            trial.anchor.moreRowsToDecide(margin: anchorMargin, alpha: usable(alpha)))
    }

    /// How many more rows to ask for. Where it takes more than twenty times the rows of today, what is looked for
    /// is not to be told from nothing: to ask for rows would promise too much.
    private func within(reach rows: Int, _ missing: Int, _ more: Int?) -> Int? {
        guard let more, more <= 20 * rows else { return missing > 0 ? missing : nil }
        return max(1, missing, more)
    }
}
