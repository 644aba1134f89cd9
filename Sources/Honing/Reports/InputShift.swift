package import Drift

/// How far one aspect of what comes in has moved away from what the live version was judged on.
public struct InputShift: Codable, Sendable, Equatable {
    /// `classes`, `confidence`, `tokens`, `unknownShare`.
    public var name: String
    /// The population stability index, and what chance alone would give with so many rows.
    public var psi: Double
    public var noise: Double
    /// The Jensen-Shannon distance, in [0, 0.833].
    public var jensenShannon: Double
    public var count: Int
    public var verdict: Level

    /// What the aspect is called in sentences.
    public var title: String {
        switch name {
        case "classes": "class mix"
        case "confidence": "confidence"
        case "tokens": "text length"
        case "unknownShare": "unknown words"
        default: name
        }
    }
}

extension InputShift {
    package init(_ shift: ProfileShift, settings: WatchingSettings) {
        self.init(
            name: shift.aspect.rawValue, psi: shift.populationStabilityIndex, noise: shift.noise,
            jensenShannon: shift.jensenShannonDistance, count: shift.currentCount,
            verdict: Level(settings.verdict(of: shift)))
    }
}

extension Level {
    package init(_ verdict: Verdict) {
        switch verdict {
        case .stable: self = .stable
        case .warning: self = .warning
        case .drift: self = .drift
        }
    }
}
