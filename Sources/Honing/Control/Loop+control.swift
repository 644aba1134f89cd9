import Store

/// What an operator asks for over the control socket.
extension Loop {
    /// Starts a run; returns its number.
    public func retrain(_ order: RetrainOrder) async throws -> Int64 {
        try await ControlError.answering { try await retrainer.request(order) }
    }

    /// Puts an earlier version back in charge: the one named, or the one before the live one.
    public func rollback(_ order: PromotionOrder) async throws -> PromotionReceipt {
        let history = try await store.promotions(limit: 1_000)
        guard let live = history.first else { throw ControlError.noModel }
        guard let version = order.version ?? history.first(where: { $0.version != live.version })?.version
        else { throw ControlError.nothingToRollBackTo }
        return try await deploy(
            version, kind: .rollback, reason: order.reason ?? "asked for by \(order.requestedBy)",
            by: order.requestedBy)
    }

    /// Makes a version live if the gate lets it through, or past the gate by force.
    public func promote(_ order: PromotionOrder) async throws -> PromotionReceipt {
        guard let version = order.version else { throw ControlError.versionMissing }
        guard order.force ?? false else { return try await promoteThroughGate(version, order) }
        guard let reason = order.reason, !reason.allSatisfy(\.isWhitespace) else {
            throw ControlError.reasonMissing("a promotion past the gate")
        }
        return try await deploy(version, kind: .forced, reason: reason, by: order.requestedBy)
    }

    private func promoteThroughGate(_ version: Int, _ order: PromotionOrder) async throws -> PromotionReceipt
    {
        let previous = predictor.slot.current?.version
        guard previous != version else { throw ControlError.alreadyLive(version) }
        let begun = ContinuousClock.now
        let (promotion, swap) = try await ControlError.answering {
            try await retrainer.promote(version, reason: order.reason, by: order.requestedBy)
        }
        return PromotionReceipt(
            version: version, previousVersion: previous, kind: promotion.kind.rawValue,
            reason: promotion.reason, loadMilliseconds: (.now - begun - swap) / .milliseconds(1),
            swapMilliseconds: swap / .milliseconds(1))
    }

    private func deploy(
        _ version: Int, kind: Promotion.Kind, reason: String, by actor: String
    ) async throws -> PromotionReceipt {
        let previous = predictor.slot.current?.version
        guard previous != version else { throw ControlError.alreadyLive(version) }
        let begun = ContinuousClock.now
        let loaded = try await ControlError.answering {
            let model = try await promoter.ready(version)
            let loaded = ContinuousClock.now
            try await rollout.swap(
                to: model, Promoter.Act(kind: kind, reason: reason, actor: actor),
                reference: try await promoter.reference(of: version))
            return loaded
        }
        return PromotionReceipt(
            version: version, previousVersion: previous, kind: kind.rawValue, reason: reason,
            loadMilliseconds: (loaded - begun) / .milliseconds(1),
            swapMilliseconds: (.now - loaded) / .milliseconds(1))
    }

    /// Fetches one source, or all of them in turn.
    public func fetch(_ source: String?) async throws -> [Intake.Receipt] {
        var receipts: [Intake.Receipt] = []
        let names = if let source { [source] } else { await intake.sourceNames }
        for name in names {
            receipts.append(try await ControlError.answering { try await intake.fetch(name) })
        }
        return receipts
    }
}

/// What a promotion or rollback did.
public struct PromotionReceipt: Codable, Sendable, Equatable {
    public var version: Int
    public var previousVersion: Int?
    public var kind: String
    public var reason: String
    /// Verifying, loading and warming the version, or judging it; the old one kept answering meanwhile.
    /// Next to nothing where it was in memory still.
    public var loadMilliseconds: Double
    /// From the decision to the new version answering.
    public var swapMilliseconds: Double

    public var sentence: String {
        let from = previousVersion.map { " instead of version \($0)" } ?? ""
        let loaded = loadMilliseconds < 1 ? "It was still loaded" : "Ready in \(Int(loadMilliseconds)) ms"
        let swap = max(1, Int(swapMilliseconds.rounded()))
        return "Version \(version) is live\(from): \(reason). \(loaded), swapped in \(swap) ms."
    }
}
