/// A way to mend a model. The cases stand from cheap to dear.
public enum Remedy: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Fit the temperature anew: seconds. Confidence becomes honest again; no answer changes.
    case temperature
    /// Move the classes' scores to the shares in which they come now: seconds.
    case prior
    /// Take the earlier version that does best on what comes now: seconds, and nothing is trained.
    case archive
    /// Train the head alone, over vectors that the encoder gives once a text.
    case head
    /// Train small factors beside frozen weights.
    case lora
    /// Train everything, from the live version on, with old rows replayed.
    case full
    /// Train everything, from the first model on.
    case base

    /// Whether weights are moved by gradients: hence minutes and not seconds.
    public var isTraining: Bool { self >= .head }

    public static func < (a: Remedy, b: Remedy) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}

/// What a model no longer gives.
public enum Loss: Sendable, Hashable, Codable {
    /// Nothing is known to be lost: the model is to be kept fresh.
    case nothing
    /// It answers rightly less often than it promised.
    ///
    /// - Parameter promised: the share of right answers that it was promoted with.
    case accuracy(promised: Double)
    /// It answers as rightly as ever, and says so too loudly or too shyly.
    case calibration
}

/// How a rung ended.
public struct RemedyAttempt: Sendable, Hashable, Codable {
    public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        /// It has no meaning for the model's task.
        case skipped
        /// It could not be carried out.
        case failed
        /// On the rows that choose it falls so short that the gate was not asked.
        case hopeless
        /// The gate refused it.
        case refused
        /// The gate would let it in, but it gives back only a part of what was lost.
        case partial
        /// The gate let it in.
        case promoted
    }

    public var remedy: Remedy
    public var outcome: Outcome

    public init(_ remedy: Remedy, _ outcome: Outcome) {
        self.remedy = remedy
        self.outcome = outcome
    }
}
