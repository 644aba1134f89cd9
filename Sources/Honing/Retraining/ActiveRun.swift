public import Foundation
public import Training

/// The run under way, as far as the daemon has seen it.
public struct ActiveRun: Sendable, Equatable {
    public var id: Int64
    public var startedAt: Date
    /// The last that the trainer said.
    public var progress: TrainingProgress?

    public init(id: Int64, startedAt: Date, progress: TrainingProgress? = nil) {
        self.id = id
        self.startedAt = startedAt
        self.progress = progress
    }

    /// How long training will still take at the pace so far; `nil` before its first step.
    public func secondsLeft(at now: Date) -> Double? {
        guard let progress, progress.step > 0, progress.totalSteps > 0 else { return nil }
        let elapsed = now.timeIntervalSince(startedAt)
        return elapsed * Double(max(0, progress.totalSteps - progress.step)) / Double(progress.step)
    }
}
