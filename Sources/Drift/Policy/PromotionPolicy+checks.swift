// The rules of the gate that compare challenger and champion, one function a rule.

extension PromotionPolicy {
    /// Rule 1: better on fresh rows beyond chance, or for a refresh not worse than the margin.
    func benefitCheck(_ trial: TrialEvidence) -> Check {
        let fresh = trial.fresh
        // A refresh claims no benefit, so it spends nothing of what claims may err.
        let significance = trial.purpose == .refresh ? usable(alpha) : alpha(ofGate: trial.gateNumber)
        let p = fresh.pValue(alpha: significance)
        let bound = fresh.bounds(confidence: 1 - significance).lower
        let figures: [String: Double] = [
            "rows": Double(fresh.count), "gains": Double(fresh.gains), "losses": Double(fresh.losses),
            "championAccuracy": fresh.championAccuracy, "challengerAccuracy": fresh.challengerAccuracy,
            "difference": fresh.difference, "lowerBound": bound, "p": p, "alpha": significance,
        ]
        func check(_ isGood: Bool, _ statement: String) -> Check {
            Check(
                name: "benefit", outcome: isGood ? .passed : .failed, statement: statement, figures: figures)
        }
        guard fresh.count >= minimumFreshRows else {
            return check(false, "only \(fresh.count) of \(minimumFreshRows) fresh rows needed to judge")
        }
        let change =
            "fresh \(trial.freshHeadline?.clause ?? "")\(points(fresh.difference)) on \(fresh.count) rows"
        switch trial.purpose {
        case .benefit:
            let isBetter = p <= significance
            return check(
                isBetter,
                "\(change), p = \(probability(p)) \(isBetter ? "within" : "over") α = \(probability(significance))"
            )
        case .refresh:
            let isFine = bound > -anchorMargin
            return check(isFine, "\(change), \(boundClause(bound, significance, isFine))")
        }
    }

    /// Rule 2: what was learned before is not forgotten.
    func anchorCheck(_ trial: TrialEvidence) -> Check {
        let anchor = trial.anchor
        let significance = usable(alpha)
        let bound = anchor.bounds(confidence: 1 - significance).lower
        let isEnough = anchor.count >= minimumAnchorRows
        let isFine = bound > -anchorMargin
        return Check(
            name: "anchor", outcome: isEnough && isFine ? .passed : .failed,
            statement: isEnough
                ? "anchor \(trial.anchorHeadline?.clause ?? "")\(points(anchor.difference)), "
                    + "\(boundClause(bound, significance, isFine))"
                : "only \(anchor.count) of \(minimumAnchorRows) anchor rows needed to judge",
            figures: [
                "rows": Double(anchor.count), "gains": Double(anchor.gains), "losses": Double(anchor.losses),
                "championAccuracy": anchor.championAccuracy, "challengerAccuracy": anchor.challengerAccuracy,
                "difference": anchor.difference, "lowerBound": bound, "margin": anchorMargin,
                "alpha": significance,
            ])
    }

    private func boundClause(_ bound: Double, _ significance: Double, _ isFine: Bool) -> String {
        "\(decimals((1 - significance) * 100, significance < 0.01 ? 2 : 0)) % bound \(signed(bound * 100, 1)) "
            + "\(isFine ? "over" : "under") \(signed(-anchorMargin * 100, 1))"
    }

    /// Rule 3: no slice is worse beyond chance (Bonferroni), and none falls so far that a person must look.
    func slicesChecks(_ trial: TrialEvidence) -> [Check] {
        let judged = trial.slices.filter { $0.outcomes.count >= max(1, minimumSliceRows) }
        guard !judged.isEmpty else {
            return [
                Check(
                    name: "slices", outcome: .skipped,
                    statement: "no slice has the \(minimumSliceRows) rows to be judged",
                    figures: ["slices": Double(trial.slices.count)])
            ]
        }
        let each = usable(alpha / Double(judged.count))
        let faults = judged.compactMap { sliceFault($0, alpha: each) }
        guard faults.isEmpty else { return faults }
        let worst = judged.min { $0.outcomes.difference < $1.outcomes.difference }!
        return [
            Check(
                name: "slices", outcome: .passed,
                statement: "no slice of \(judged.count) is worse beyond chance; the least is \(worst.name), "
                    + points(worst.outcomes.difference),
                figures: ["slices": Double(judged.count), "worstDifference": worst.outcomes.difference])
        ]
    }

    private func sliceFault(_ slice: SliceOutcomes, alpha: Double) -> Check? {
        let rows = slice.outcomes
        let bound = rows.bounds(confidence: 1 - alpha).upper
        let isWorse = bound < 0
        guard isWorse || rows.difference < -sliceHold else { return nil }
        let change = "slice \(slice.name) \(points(rows.difference)) on \(rows.count) rows"
        return Check(
            name: "slices", outcome: isWorse ? .failed : .held,
            statement: isWorse
                ? "\(change), worse beyond chance (upper bound \(signed(bound * 100, 1)))"
                : "\(change), a fall of more than \(decimals(sliceHold * 100, 0)) points",
            figures: [
                "rows": Double(rows.count), "gains": Double(rows.gains), "losses": Double(rows.losses),
                "difference": rows.difference, "upperBound": bound, "alpha": alpha,
            ])
    }

    /// Rule 4: the calibration error does not rise by more than its margin, nor the log-loss beyond chance.
    func calibrationCheck(_ trial: TrialEvidence) -> Check {
        guard let facts = trial.calibration else {
            return Check(
                name: "calibration", outcome: .skipped,
                statement: trial.fresh.partial == nil
                    ? "calibration was not measured"
                    : "confidence is not held against answers that can be partly right",
                figures: [:])
        }
        let rise = facts.challengerError - facts.championError
        // A NaN must fail, hence the comparisons ask for what is good.
        let isCalibrated = rise <= calibrationMargin
        let loss = facts.logLossDifference
        let isLossFine = loss.map { $0.lower <= 0 } ?? true
        var statement =
            "calibration error \(percent(facts.championError)) to \(percent(facts.challengerError))"
        if !isCalibrated { statement += ", more than \(points(calibrationMargin)) up" }
        if let loss {
            statement += ", log-loss \(signed(loss.mean, 3)) nats"
            if !isLossFine { statement += ", worse beyond chance (at least \(signed(loss.lower, 3)))" }
        }
        var figures = [
            "championError": facts.championError, "challengerError": facts.challengerError,
            "margin": calibrationMargin,
        ]
        figures["logLossDifference"] = loss?.mean
        figures["logLossLower"] = loss?.lower
        figures["logLossUpper"] = loss?.upper
        return Check(
            name: "calibration", outcome: isCalibrated && isLossFine ? .passed : .failed,
            statement: statement,
            figures: figures)
    }

    /// Rule 5: users' right answers stay right.
    ///
    /// Counted on the anchor, whose law did not change: on fresh rows after a real drift even a far
    /// better model must lose some answers.
    func churnCheck(_ trial: TrialEvidence) -> Check {
        let anchor = trial.anchor
        let share = anchor.count == 0 ? 0 : Double(anchor.losses) / Double(anchor.count)
        let outcome: Check.Outcome = share > churnLimit ? .failed : share > churnWarning ? .warned : .passed
        let limit = outcome == .failed ? ", more than \(percent(churnLimit))" : ""
        return Check(
            name: "churn", outcome: anchor.count == 0 ? .skipped : outcome,
            statement: "\(percent(share)) of the anchor turned from right to wrong\(limit)",
            figures: [
                "rows": Double(anchor.count), "losses": Double(anchor.losses), "share": share,
                "limit": churnLimit,
            ])
    }

    /// Rule 8: an answer changes no more often than the champion's when only a term does that should make no
    /// difference.
    func termsCheck(_ terms: PairedOutcomes) -> Check {
        guard terms.count > 0 else {
            return Check(
                name: "terms", outcome: .skipped, statement: "no row holds a term of the list", figures: [:])
        }
        let bound = terms.bounds(confidence: 1 - usable(alpha)).upper
        let isWorse = bound < 0
        let (before, after) = (1 - terms.championAccuracy, 1 - terms.challengerAccuracy)
        return Check(
            name: "terms", outcome: isWorse ? .failed : .passed,
            statement: "\(percent(after)) of \(counted(terms.count, "answer")) change when only a term does, "
                + "\(percent(before)) of the champion's" + (isWorse ? ": more, beyond chance" : ""),
            figures: [
                "texts": Double(terms.count), "championChanges": before, "challengerChanges": after,
                "difference": after - before, "lowerBound": -bound, "alpha": usable(alpha),
            ])
    }

    /// A set that many trials were measured on flatters the next one.
    func wearCheck(_ trial: TrialEvidence) -> Check {
        let isWorn = trial.gateNumber > anchorLifetime
        return Check(
            name: "wear", outcome: isWorn ? .warned : .passed,
            statement: "trial \(trial.gateNumber) of \(anchorLifetime) against this anchor"
                + (isWorn
                    ? ", which is worn out: import further labelled rows, a new one is drawn of them" : ""),
            figures: [
                "gate": Double(trial.gateNumber), "lifetime": Double(anchorLifetime),
                "alpha": alpha(ofGate: trial.gateNumber),
            ])
    }
}
