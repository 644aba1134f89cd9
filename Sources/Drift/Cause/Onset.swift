import Glibc

/// When a change began: the most likely row, and how sure that is.
public struct Onset: Sendable, Hashable, Codable {
    /// How it was dated.
    public enum Method: String, Sendable, Hashable, Codable {
        /// The most likely single jump of the error rate among the stored outcomes.
        case likelihood
        /// The last start of a detector's leading sum.
        case cumulativeSum
        /// The most telling cut of an adaptive window.
        case adaptiveWindow
    }

    /// The index of the first row that seems to follow the new law.
    public let index: Int
    /// Where it may lie as well.
    public let range: ClosedRange<Int>
    public let method: Method
    /// The error rate before and from `index` on, where the method has them.
    public let errorBefore: Double?
    public let errorAfter: Double?

    public init(
        index: Int, range: ClosedRange<Int>, method: Method, errorBefore: Double? = nil,
        errorAfter: Double? = nil
    ) {
        precondition(range.contains(index), "the onset \(index) lies outside of its own range \(range)")
        self.index = index
        self.range = range
        self.method = method
        self.errorBefore = errorBefore
        self.errorAfter = errorAfter
    }
}

/// The most likely single jump of an error rate.
///
/// For each split the binomial log-likelihoods of both parts are added; the best split is the onset,
/// and all splits within `drop` nats of it make the range: with 3 nats it holds the truth in
/// more than nine of ten streams whose jump is plain to see. O(n) time and memory. Nil with fewer
/// than two rows or where all rows are alike.
///
/// - Parameter isError: outcomes in their order, such as all since the promotion.
///
/// Source: Hinkley and Hinkley, *Inference about the change-point in a sequence of binomial
/// variables*, [doi:10.1093/biomet/57.3.477](https://doi.org/10.1093/biomet/57.3.477).
public func mostLikelyOnset(of isError: [Bool], drop: Double = 3) -> Onset? {
    let (n, errors) = (isError.count, isError.count { $0 })
    guard n > 1, errors > 0, errors < n else { return nil }
    func likelihood(_ errors: Int, _ count: Int) -> Double {
        let (k, m) = (Double(errors), Double(count))
        return (k > 0 ? k * log(k / m) : 0) + (m > k ? (m - k) * log((m - k) / m) : 0)
    }
    var before = 0
    let profile = (1..<n).map { split in
        before += isError[split - 1] ? 1 : 0
        return (likelihood(before, split) + likelihood(errors - before, n - split), before)
    }
    let best = profile.indices.max { profile[$0].0 < profile[$1].0 } ?? 0
    let near = profile.indices.filter { profile[$0].0 >= profile[best].0 - drop }
    let split = best + 1
    return Onset(
        index: split, range: (near[0] + 1)...(near[near.count - 1] + 1), method: .likelihood,
        errorBefore: Double(profile[best].1) / Double(split),
        errorAfter: Double(errors - profile[best].1) / Double(n - split))
}

extension Onset {
    /// Where a detector that stands at warning or drift dates the change; nil where it has no view.
    ///
    /// A cumulative sum is dated to the row, and the likelihood of a start fades about it over some
    /// rows; an adaptive window is dated to a bucket, which is at most a fifth of the way back wide.
    public init?(of detector: any DriftDetector) {
        guard detector.verdict != .stable, let began = detector.changeBegan else { return nil }
        let reach = max(1, (detector.observations - began) / 5)
        self.init(
            index: began,
            range: max(0, began - reach)...max(began, min(detector.observations, began + reach)),
            method: detector is ADWIN ? .adaptiveWindow : .cumulativeSum)
    }
}
