/// The Page-Hinkley test: has the mean of a stream moved away from its running mean?
///
/// With x̄ₜ the mean of all values so far, two sums fade by α and are compared with their extremes:
///
///     up   ← α·up   + (xₜ − x̄ₜ) − δ        rise = up − min up
///     down ← α·down + (xₜ − x̄ₜ) + δ        fall = max down − down
///
/// Drift is declared when rise or fall (as `direction` asks) exceeds `threshold`; with the next
/// value the test starts afresh. It gives no warnings. Values and thresholds are in the unit of x.
/// Equal to `river.drift.PageHinkley` index for index.
///
/// Source: Page, *Continuous inspection schemes*, Biometrika 41 (1954),
/// [doi:10.1093/biomet/41.1-2.100](https://doi.org/10.1093/biomet/41.1-2.100).
public struct PageHinkley: DriftDetector, Codable {
    public static let name = "Page-Hinkley"

    /// Which moves of the mean count.
    public enum Direction: String, Sendable, Codable {
        case up, down, both
    }

    /// Values to see before a verdict.
    public let minimumObservations: Int
    /// δ: the move of the mean that is tolerated.
    public let tolerance: Double
    /// How far a sum must leave its extreme.
    public let threshold: Double
    /// α: how much of the sums survives a step.
    public let fading: Double
    public let direction: Direction

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0
    public private(set) var changeBegan: Int?

    private var run = Run(start: 0)

    /// What is forgotten at a detection.
    private struct Run: Sendable, Equatable, Codable {
        var start: Int
        var count = 0
        var mean = 0.0
        var up = 0.0
        var lowestUp: Double?
        var lowestAt = 0
        var down = 0.0
        var highestDown: Double?
        var highestAt = 0
    }

    public init(
        minimumObservations: Int = 30, tolerance: Double = 0.005, threshold: Double = 50,
        fading: Double = 0.9999, direction: Direction = .both
    ) {
        precondition(threshold > 0, "the threshold must be positive, not \(threshold)")
        precondition(fading > 0 && fading <= 1, "the fading factor must lie in (0, 1], not \(fading)")
        self.minimumObservations = minimumObservations
        self.tolerance = tolerance
        self.threshold = threshold
        self.fading = fading
        self.direction = direction
    }

    public func accepts(_ x: Double) -> Bool { x.isFinite }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift { run = Run(start: observations) }
        run.count += 1
        run.mean += (x - run.mean) / Double(run.count)
        let deviation = x - run.mean
        run.up = fading * run.up + deviation - tolerance
        run.down = fading * run.down + deviation + tolerance
        if run.up < run.lowestUp ?? .infinity {
            run.lowestUp = run.up
            run.lowestAt = observations
        }
        if run.down > run.highestDown ?? -.infinity {
            run.highestDown = run.down
            run.highestAt = observations
        }
        observations += 1
        judge(rise: run.up - (run.lowestUp ?? 0), fall: (run.highestDown ?? 0) - run.down)
        return verdict
    }

    private mutating func judge(rise: Double, fall: Double) {
        let rose = direction != .down && rise > threshold
        let fell = direction != .up && fall > threshold
        guard run.count >= minimumObservations, rose || fell else {
            verdict = .stable
            return
        }
        verdict = .drift
        // The sum drifts away from its extreme from the value after the extreme on.
        changeBegan = (rose ? run.lowestAt : run.highestAt) + 1
    }

    public mutating func reset() {
        self = PageHinkley(
            minimumObservations: minimumObservations, tolerance: tolerance, threshold: threshold,
            fading: fading, direction: direction)
    }
}
