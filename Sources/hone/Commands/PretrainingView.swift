import Training

/// Shows a run over text: where it is, and a line for each look at held-out text.
final class PretrainingView {
    private let clock = ContinuousClock()
    private let begun = ContinuousClock().now
    /// Where this process took over.
    private var first: (step: Int, tokens: Int)?
    private var curve = LearningCurve()

    func show(_ step: TrainingProgress) {
        let first = first ?? (step.step, step.tokens)
        self.first = first
        if step.phase == .evaluating, let loss = step.developmentLoss { look(step, loss) }
        let seconds = max((clock.now - begun) / .seconds(1), 1e-9)
        let done = step.step - first.step
        let left = done > 0 ? seconds / Double(done) * Double(step.totalSteps - step.step) : 0
        Terminal.progress(
            "step \(step.step)/\(step.totalSteps) · loss \(rounded(step.loss)) · \(curve.sparkline) · "
                + "\(Int(Double(step.tokens - first.tokens) / seconds)) tokens/s · \(spoken(seconds: left)) left"
        )
    }

    private func look(_ step: TrainingProgress, _ loss: Double) {
        let point = LearningCurve.Point(step: step.step, tokens: step.tokens, heldOutLoss: loss)
        curve.points.append(point)
        Terminal.endProgress()
        Terminal.note(
            "step \(step.step)/\(step.totalSteps) · held-out perplexity \(short(point.perplexity)) "
                + "· \(curve.sparkline)")
    }
}

/// A perplexity in three figures or all before the point.
func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    return value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
}
