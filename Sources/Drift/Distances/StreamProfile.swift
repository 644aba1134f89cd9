/// What a stretch of predictions looks like without any label: classes, confidence, length, words.
///
/// Profiles of fixed size stand for any number of rows and can be merged, so a reference taken at
/// promotion is compared with today at no cost in rows.
public struct StreamProfile: Sendable, Hashable, Codable {
    /// Predictions a class, in label order.
    public private(set) var classes: [Int]
    public private(set) var confidence = Histogram.confidence
    public private(set) var tokens = Histogram.tokens
    public private(set) var unknownShare = Histogram.unknownShare

    /// - Parameter classCount: the number of labels, at least 1.
    public init(classCount: Int) {
        precondition(classCount > 0, "a profile needs at least one class")
        classes = Array(repeating: 0, count: classCount)
    }

    /// The number of predictions counted.
    public var count: Int { classes.reduce(0, +) }

    /// Counts one prediction; a class outside the label set is a programmer's error.
    public mutating func add(classIndex: Int, confidence: Double, tokens: Int, unknownTokens: Int) {
        precondition(classes.indices.contains(classIndex), "class \(classIndex) of \(classes.count)")
        classes[classIndex] += 1
        self.confidence.add(confidence)
        self.tokens.add(Double(tokens))
        unknownShare.add(tokens > 0 ? Double(unknownTokens) / Double(tokens) : 0)
    }

    /// Adds the predictions of another stretch with the same labels.
    public mutating func merge(_ other: StreamProfile) {
        precondition(classes.count == other.classes.count, "profiles of different label sets")
        for index in classes.indices { classes[index] += other.classes[index] }
        confidence.merge(other.confidence)
        tokens.merge(other.tokens)
        unknownShare.merge(other.unknownShare)
    }

    /// How far each aspect has moved from a reference with the same labels.
    public func shifts(from reference: StreamProfile) -> [ProfileShift] {
        let pairs: [(ProfileShift.Aspect, [Int], [Int])] = [
            (.classes, classes, reference.classes),
            (.confidence, confidence.counts, reference.confidence.counts),
            (.tokens, tokens.counts, reference.tokens.counts),
            (.unknownShare, unknownShare.counts, reference.unknownShare.counts),
        ]
        return pairs.map { ProfileShift($0.0, current: $0.1, reference: $0.2) }
    }
}

/// How far one aspect of the stream has moved, by size first and significance second.
public struct ProfileShift: Sendable, Hashable, Codable {
    /// What was counted.
    public enum Aspect: String, Sendable, Hashable, Codable, CaseIterable {
        case classes, confidence, tokens, unknownShare
    }

    public let aspect: Aspect
    public let currentCount: Int
    public let referenceCount: Int
    public let populationStabilityIndex: Double
    /// The index that chance alone shows at these counts, 0 where a side is empty.
    public let noise: Double
    public let jensenShannonDistance: Double
    public let chiSquared: TwoSampleTest

    init(_ aspect: Aspect, current: [Int], reference: [Int]) {
        self.aspect = aspect
        currentCount = current.reduce(0, +)
        referenceCount = reference.reduce(0, +)
        populationStabilityIndex = Drift.populationStabilityIndex(of: current, against: reference)
        let noise = populationStabilityIndexNoise(of: current, against: reference)
        self.noise = noise.isFinite ? noise : 0
        jensenShannonDistance = Drift.jensenShannonDistance(of: current, against: reference)
        chiSquared = Drift.chiSquared(of: current, against: reference)
    }

    /// Warning from an index of 0.1, drift from 0.25, and neither unless chance is unlikely (p ≤ 0.01).
    ///
    /// Without labels nobody knows whether a shift hurts: such a drift asks for labels, it never
    /// swaps a model.
    public var verdict: Verdict {
        guard currentCount > 0, referenceCount > 0, chiSquared.pValue <= 0.01 else { return .stable }
        if populationStabilityIndex >= 0.25 { return .drift }
        return populationStabilityIndex >= 0.1 ? .warning : .stable
    }
}
