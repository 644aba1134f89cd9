public import Foundation
public import Training

/// The run under way, as far as the daemon has seen it.
public struct ActiveRun: Sendable, Equatable {
    public var id: Int64
    /// When the remedy began that is being tried, or the run before there was one.
    public var startedAt: Date
    /// The remedy that is being tried.
    public var level: String?
    /// The last that the trainer said.
    public var progress: TrainingProgress?

    public init(id: Int64, startedAt: Date, level: String? = nil, progress: TrainingProgress? = nil) {
        self.id = id
        self.startedAt = startedAt
        self.level = level
        self.progress = progress
    }

    /// How long this remedy's training will still take at its pace so far; `nil` before its first step.
    public func secondsLeft(at now: Date) -> Double? {
        guard let progress, progress.step > 0, progress.totalSteps > 0 else { return nil }
        let elapsed = now.timeIntervalSince(startedAt)
        return elapsed * Double(max(0, progress.totalSteps - progress.step)) / Double(progress.step)
    }
}
