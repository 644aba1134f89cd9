public import Tensors
public import Tokenizers

/// How a text is read that is longer than the network reads at once: in windows that overlap, each by itself,
/// whose logits are pooled. Stands in the model folder, so that whoever asks the model reads alike.
///
/// Logits are pooled and not probabilities: it is then one operation for classes, labels and scores, one
/// temperature calibrates what comes of it, and the mean is the classes' geometric mean, in which a window that
/// is sure outweighs many that are not.
public struct TextWindows: Sendable, Equatable {
    public enum Pooling: String, Sendable, CaseIterable {
        /// The mean of each output: what most of the text says.
        case mean
        /// The largest of each output: what one place of it says the most clearly.
        case max
    }

    public var pooling: Pooling
    /// The tokens of a window, special ones included.
    public let length: Int
    /// How many tokens a window shares with the one before it.
    public let stride: Int
    /// The most windows of one text; what stands behind them is not read, so that no text asks for more work.
    public let limit: Int

    public static let usualLimit = 32
    public static let limits = 1...1_024

    /// A quarter of a window: what one window cuts through stands whole in the next, if it is no longer.
    public static func usualStride(of length: Int) -> Int { min(length / 4, strides(of: length).upperBound) }

    /// Two long texts of a pair have half a window each, and each half must get on.
    public static func strides(of length: Int) -> ClosedRange<Int> { 0...Swift.max(0, length / 2 - 3) }

    /// - Returns: `nil` where the stride or the limit is out of its range.
    public init?(_ pooling: Pooling, length: Int, stride: Int? = nil, limit: Int = usualLimit) {
        let stride = stride ?? Self.usualStride(of: length)
        guard length > 0, Self.strides(of: length) ~= stride, Self.limits ~= limit else { return nil }
        (self.pooling, self.length, self.stride, self.limit) = (pooling, length, stride, limit)
    }

    /// How many tokens of one text, special ones included, the windows reach.
    ///
    /// - Parameter special: how many special tokens stand around a text.
    public func reach(special: Int) -> Int { length + (limit - 1) * Swift.max(0, length - special - stride) }

    /// The logits of a text, [1, outputs], out of those of its windows, [1, outputs] each.
    func pooled(_ logits: [Matrix]) -> Matrix {
        guard logits.count > 1 else { return logits[0] }
        let values = (0..<logits[0].columns).map { column in
            switch pooling {
            case .mean: logits.reduce(0) { $0 + $1[0, column] } / Float(logits.count)
            case .max: logits.reduce(-Float.infinity) { Swift.max($0, $1[0, column]) }
            }
        }
        return Matrix(rows: 1, columns: values.count, values: values)
    }
}

/// What a network reads of a whole text: as much as it reads at once, or all of it in windows.
public struct TextReading: Sendable {
    public let tokenizer: any Tokenizer
    /// What is read at once, in tokens.
    public let maximumLength: Int
    public let windows: TextWindows?

    public init(_ tokenizer: any Tokenizer, maximumLength: Int, windows: TextWindows? = nil) {
        self.tokenizer = tokenizer
        self.maximumLength = min(maximumLength, windows?.length ?? .max)
        self.windows = windows
    }

    /// - Returns: one encoding, or those of all windows, the first as it would be by itself.
    public func encodings(of text: String, pair: String?) -> [Encoding] {
        let found = windows.flatMap { windows in
            // A network too narrow for two texts has no windows of them.
            try? tokenizer.windows(
                text, pair: pair,
                truncation: Truncation(
                    maximumLength: maximumLength, stride: windows.stride, limit: windows.limit))
        }
        return found ?? [tokenizer.encode(text, pair: pair, maximumLength: maximumLength)]
    }

    /// The logits of a text, [1, outputs], out of those of its encodings.
    public func pooled(_ logits: [Matrix]) -> Matrix { windows?.pooled(logits) ?? logits[0] }
}

extension Checkpoint {
    /// How the model reads a whole text, as its folder says.
    ///
    /// - Parameter limit: of what is read at once, in tokens, where the model has no windows.
    public func reading(maximumLength limit: Int = .max) -> TextReading {
        TextReading(
            tokenizer, maximumLength: min(configuration.windows == nil ? limit : .max, maximumLength),
            windows: configuration.windows)
    }
}
