import Corpus
import Transformers

/// How a model is to read texts that are longer than it reads at once.
public struct WindowArguments: Codable, Sendable, Equatable {
    public enum Pooling: String, Codable, Sendable, CaseIterable {
        /// What fits alone: the text is cut.
        case first
        /// All of the text in windows, by the mean of their logits.
        case mean
        /// The same, by the largest logit of each class.
        case max
    }

    public var pooling: Pooling
    /// How many tokens a window shares with the one before it; `nil` for a quarter of it.
    public var stride: Int?
    /// So many windows of a text at most; `nil` for the usual 32.
    public var limit: Int?

    public init(_ pooling: Pooling, stride: Int? = nil, limit: Int? = nil) {
        self.pooling = pooling
        self.stride = stride
        self.limit = limit
    }

    /// - Parameter length: of a window, in tokens.
    /// - Returns: `nil` where texts are cut.
    /// - Throws: `TrainingError.badArgument`.
    func windows(length: Int) throws(TrainingError) -> TextWindows? {
        guard let pooling = TextWindows.Pooling(rawValue: pooling.rawValue) else { return nil }
        let limit = limit ?? TextWindows.usualLimit
        guard let windows = TextWindows(pooling, length: length, stride: stride, limit: limit) else {
            let (strides, limits) = (TextWindows.strides(of: length), TextWindows.limits)
            throw .badArgument(
                "windows",
                range:
                    "of a stride from 0 to \(strides.upperBound), less than half a window of \(length) tokens, "
                    + "and a limit from \(limits.lowerBound) to \(limits.upperBound)")
        }
        return windows
    }
}

extension Checkpoint {
    /// Takes over how texts are to be read, where that is said; else it stays as its folder says.
    ///
    /// - Throws: `TrainingError.badArgument`, also for windows of a task that does not read whole texts.
    mutating func read(by arguments: TrainingArguments, for task: TaskKind) throws(TrainingError) {
        guard let wish = arguments.windows else { return }
        guard task.readsWholeText else {
            throw .badArgument(
                "windows", range: "left out for \(task.rawValue), which reads long texts whole")
        }
        configuration.windows = try wish.windows(length: min(arguments.maximumLength, maximumLength))
    }
}
