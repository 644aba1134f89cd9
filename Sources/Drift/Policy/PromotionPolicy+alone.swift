// The rules of the gate that look at the challenger alone.

extension PromotionPolicy {
    /// Rule 6: it loads, repeats the trainer's answers and is fast enough.
    func infrastructureChecks(_ facts: InfrastructureFacts) -> [Check] {
        let loading = Check(
            name: "loading", outcome: facts.loadError == nil ? .passed : .failed,
            statement: facts.loadError.map { "the challenger cannot be loaded: \($0)" }
                ?? "the challenger loads from disk", figures: [:])
        guard facts.loadError == nil else { return [loading] }
        return [loading, goldenCheck(facts), latencyCheck(facts)]
            + (memoryLimit.map { [memoryCheck(facts, $0)] } ?? [])
    }

    private func goldenCheck(_ facts: InfrastructureFacts) -> Check {
        let difference = facts.worstGoldenDifference
        let isFine = facts.goldenRequests > 0 && difference.map { $0 <= goldenTolerance } ?? false
        let statement: String
        if facts.goldenRequests <= 0 {
            statement =
                "no golden request was repeated, so nothing shows that the loaded model is the trained one"
        } else if let difference {
            statement =
                "\(counted(facts.goldenRequests, "golden request")) differ from the trainer by at most "
                + "\(decimals(difference, 6)), \(isFine ? "within" : "over") \(decimals(goldenTolerance, 6))"
        } else {
            statement = "a golden request gave a logit that is not finite"
        }
        var figures = ["requests": Double(facts.goldenRequests), "tolerance": goldenTolerance]
        figures["worstDifference"] = difference
        return Check(
            name: "golden", outcome: isFine ? .passed : .failed, statement: statement, figures: figures)
    }

    private func latencyCheck(_ facts: InfrastructureFacts) -> Check {
        guard let ratio = facts.latencyRatio else {
            return Check(
                name: "latency", outcome: .skipped, statement: "latency was not measured", figures: [:])
        }
        let isFine = ratio <= latencyLimit
        return Check(
            name: "latency", outcome: isFine ? .passed : .failed,
            statement: "p95 latency is \(decimals(ratio, 2)) times the champion's"
                + (isFine ? "" : ", more than \(decimals(latencyLimit, 2))"),
            figures: ["ratio": ratio, "limit": latencyLimit])
    }

    private func memoryCheck(_ facts: InfrastructureFacts, _ limit: Double) -> Check {
        let resident = facts.residentBytes.map(Double.init)
        let isFine = resident.map { $0 <= limit } ?? false
        func megabytes(_ bytes: Double) -> String { "\(decimals(bytes / 1e6, 0)) MB" }
        var figures = ["limit": limit]
        figures["resident"] = resident
        return Check(
            name: "memory", outcome: isFine ? .passed : .failed,
            statement: resident.map {
                "with it loaded the server takes \(megabytes($0)), \(isFine ? "within" : "over") \(megabytes(limit))"
            } ?? "memory was not measured", figures: figures)
    }

    /// Rule 7: without a champion the lower bound of accuracy must exceed an absolute floor.
    func floorCheck(_ facts: FloorFacts) -> Check {
        let bound = clopperPearsonLower(facts.correct, of: facts.count, confidence: 1 - usable(alpha))
        let majority = facts.majorityShare.isFinite ? facts.majorityShare : 1
        let floor = max(floorAccuracy, majority + floorLead)
        let isEnough = facts.count >= minimumAnchorRows
        let isGood = bound > floor
        let accuracy = facts.count == 0 ? 0 : Double(facts.correct) / Double(facts.count)
        return Check(
            name: "floor", outcome: isEnough && isGood ? .passed : .failed,
            statement: isEnough
                ? "no champion to compare with: \(facts.measure ?? "accuracy") \(percent(accuracy)) on \(facts.count) rows, "
                    + "\(decimals((1 - alpha) * 100, 0)) % bound \(percent(bound)) "
                    + "\(isGood ? "over" : "not over") the floor of \(percent(floor))"
                : "only \(facts.count) of \(minimumAnchorRows) held-out rows needed to judge a first model",
            figures: [
                "rows": Double(facts.count), "accuracy": accuracy, "lowerBound": bound, "floor": floor,
                "majorityShare": majority,
            ])
    }

    /// An order counts only with a reason that can be read later.
    func forceCheck(_ force: ForcedPromotion) -> Check {
        let hasReason = force.reason.contains { !$0.isWhitespace }
        return Check(
            name: "force", outcome: hasReason ? .passed : .failed,
            statement: hasReason
                ? "\(force.actor) orders the promotion: \(force.reason)"
                : "a forced promotion needs a reason", figures: [:])
    }
}
