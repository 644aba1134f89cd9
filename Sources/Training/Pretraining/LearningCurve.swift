/// How well held-out text was foreseen as training went on.
public struct LearningCurve: Codable, Sendable, Equatable {
    public var points: [Point] = []

    public struct Point: Codable, Sendable, Equatable {
        /// After so many steps; 0 before the first.
        public var step: Int
        /// Tokens learned from.
        public var tokens: Int
        /// In nats a token that is asked for.
        public var heldOutLoss: Double

        /// How many tokens, equally probable, would have been as hard to tell apart.
        public var perplexity: Double { exponential(heldOutLoss) }

        public init(step: Int, tokens: Int, heldOutLoss: Double) {
            self.step = step
            self.tokens = tokens
            self.heldOutLoss = heldOutLoss
        }
    }

    public init() {}

    /// The point of the lowest loss, whose weights are kept.
    public var best: Point? { points.min { $0.heldOutLoss < $1.heldOutLoss } }

    /// The losses as a row of bars, the highest eight eighths high, the lowest one.
    public var sparkline: String {
        let losses = points.map(\.heldOutLoss).filter(\.isFinite)
        guard let low = losses.min(), let high = losses.max() else { return "" }
        let bars = Array("▁▂▃▄▅▆▇█")
        return String(
            losses.map { bars[high > low ? Int((($0 - low) / (high - low) * 7).rounded()) : 0] })
    }
}

/// Where a run over text is: its place there, and what was seen on the way.
package struct TextPlace: Codable, Equatable, Sendable {
    package var cursor = TextCursor()
    package var curve = LearningCurve()
}
