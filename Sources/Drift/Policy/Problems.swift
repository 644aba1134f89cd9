// Policies are read from a configuration file, so each can say what is wrong with its numbers.

extension PromotionPolicy {
    /// What an operator must correct, one clause a fault; empty where the policy makes sense.
    ///
    /// `decide` does not crash on a faulty policy, but what it decides is not worth having.
    public var problems: [String] {
        var problems = [String]()
        func require(_ isFine: Bool, _ name: String, _ range: String, _ value: Double) {
            if !isFine { problems.append("\(name) must be \(range), not \(value)") }
        }
        require(alpha > 0 && alpha <= 0.5, "alpha", "over 0 and at most 0.5", alpha)
        for (name, share) in [
            ("anchorMargin", anchorMargin), ("sliceHold", sliceHold),
            ("calibrationMargin", calibrationMargin),
            ("churnWarning", churnWarning), ("churnLimit", churnLimit), ("floorAccuracy", floorAccuracy),
            ("floorLead", floorLead),
        ] {
            require(share >= 0 && share <= 1, name, "a share from 0 to 1", share)
        }
        for (name, count) in [
            ("minimumFreshRows", minimumFreshRows), ("minimumAnchorRows", minimumAnchorRows),
            ("minimumSliceRows", minimumSliceRows), ("anchorLifetime", anchorLifetime),
        ] {
            require(count >= 1, name, "at least 1", Double(count))
        }
        require(
            goldenTolerance >= 0 && goldenTolerance.isFinite, "goldenTolerance", "0 or more", goldenTolerance)
        if let memoryLimit {
            require(memoryLimit > 0 && memoryLimit.isFinite, "memoryLimit", "over 0 bytes", memoryLimit)
        }
        require(latencyLimit > 0 && latencyLimit.isFinite, "latencyLimit", "over 0", latencyLimit)
        return problems
    }
}

extension RetrainingPolicy {
    /// What an operator must correct, one clause a fault; empty where the policy makes sense.
    public var problems: [String] {
        var problems = [String]()
        func require(_ isFine: Bool, _ name: String, _ range: String, _ value: Double) {
            if !isFine { problems.append("\(name) must be \(range), not \(value)") }
        }
        for (name, count) in [
            ("minimumNewLabels", minimumNewLabels), ("minimumLabelsForBudget", minimumLabelsForBudget),
            ("newLabelsTrigger", newLabelsTrigger ?? 1),
        ] {
            require(count >= 1, name, "at least 1", Double(count))
        }
        require(maximumRunsPerDay >= 0, "maximumRunsPerDay", "0 or more", Double(maximumRunsPerDay))
        require(coolDown >= 0 && coolDown.isFinite, "coolDown", "0 seconds or more", coolDown)
        require(
            maximumCoolDown >= coolDown && maximumCoolDown.isFinite, "maximumCoolDown",
            "at least the cool-down",
            maximumCoolDown)
        if let cpuBudget {
            require(cpuBudget > 0 && cpuBudget.isFinite, "cpuBudget", "over 0 seconds", cpuBudget)
        }
        if let interval { require(interval > 0 && interval.isFinite, "interval", "over 0 seconds", interval) }
        if let budget = avoidableErrorBudget {
            require(budget >= 0 && budget.isFinite, "avoidableErrorBudget", "0 or more", budget)
        }
        return problems
    }
}
