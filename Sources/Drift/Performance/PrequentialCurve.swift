import Glibc

/// Accuracy over time, each row judged by the model before it may learn from it: the line of a chart.
///
/// Rows fall into buckets of a number of rows or of seconds; a row costs O(1) and a bucket two
/// numbers. Each bucket's band is Robbins' confidence sequence, so the bucket that is still filling
/// may be read at any time. A late label joins the bucket of its own time.
///
/// Source: Gama, Sebastião and Rodrigues, *On evaluating stream learning algorithms*,
/// [doi:10.1007/s10994-012-5320-9](https://doi.org/10.1007/s10994-012-5320-9).
public struct PrequentialCurve: Sendable, Hashable, Codable {
    /// What makes a bucket.
    public enum Bucket: Sendable, Hashable, Codable {
        /// So many rows, in the order in which they came.
        case rows(Int)
        /// So many seconds, by the time of the prediction.
        case seconds(Double)
    }

    /// One bucket of the curve.
    public struct Point: Sendable, Hashable, Codable {
        /// The bucket's number; it holds the rows from `index` × width on.
        public let index: Int
        /// The time of its earliest row, in seconds.
        public let from: Double
        /// The time of its latest row, in seconds.
        public let through: Double
        public let count: Int
        public let errors: Int
        public let accuracy: Double
        /// Where the accuracy lies.
        public let interval: ClosedRange<Double>
    }

    private struct Tally: Sendable, Hashable, Codable {
        var from: Double
        var through: Double
        var count = 0
        var errors = 0
    }

    public let bucket: Bucket
    /// All rows.
    public private(set) var count = 0
    private var tallies: [Int: Tally] = [:]

    public init(bucket: Bucket) {
        switch bucket {
        case .rows(let rows): precondition(rows > 0, "a bucket holds at least one row, not \(rows)")
        case .seconds(let seconds):
            precondition(seconds > 0 && seconds.isFinite, "a bucket lasts over 0 seconds, not \(seconds)")
        }
        self.bucket = bucket
    }

    /// Takes a row; one whose time is no number is refused.
    ///
    /// - Parameter time: when the prediction was made, in seconds since the daemon's origin.
    public mutating func add(isCorrect: Bool, at time: Double) {
        guard time.isFinite, abs(time) < 1e15 else { return }
        let index =
            switch bucket {
            case .rows(let rows): count / rows
            case .seconds(let seconds): Int((time / seconds).rounded(.down))
            }
        count += 1
        var tally = tallies[index] ?? Tally(from: time, through: time)
        tally.from = min(tally.from, time)
        tally.through = max(tally.through, time)
        tally.count += 1
        tally.errors += isCorrect ? 0 : 1
        tallies[index] = tally
    }

    /// The buckets that hold rows, in order.
    ///
    /// - Parameters:
    ///   - alpha: the chance that a band is ever wrong, in (0, 1).
    ///   - together: whether that chance is shared by all bands of the curve (then they are wider
    ///     and a single bucket outside of another's band means something) or is each band's own
    ///     (then one of twenty may miss by luck).
    public func points(alpha: Double = 0.05, together: Bool = false) -> [Point] {
        let share = together ? alpha / Double(max(1, tallies.count)) : alpha
        return tallies.sorted { $0.key < $1.key }.map { index, tally in
            let error = binomialConfidenceSequence(errors: tally.errors, count: tally.count, alpha: share)
            return Point(
                index: index, from: tally.from, through: tally.through, count: tally.count,
                errors: tally.errors, accuracy: 1 - Double(tally.errors) / Double(tally.count),
                interval: (1 - error.upperBound)...(1 - error.lowerBound))
        }
    }
}
