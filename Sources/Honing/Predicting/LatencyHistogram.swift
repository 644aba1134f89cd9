/// Durations counted in buckets that widen by a quarter: a quantile read from it is at most 25 % high.
public struct LatencyHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets in seconds: 50 µs times 1.25 to the n, up to about a minute.
    public static let bounds: [Double] = (0..<64).map { step in
        var bound = 50e-6
        for _ in 0..<step { bound *= 1.25 }
        return bound
    }

    /// How many durations fell into each bucket; the last one holds all that were longer.
    public private(set) var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    public private(set) var count = 0
    /// The sum of all durations, in seconds.
    public private(set) var sum = 0.0

    public init() {}

    public mutating func record(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        let bucket = Self.bounds.partitioningIndex { $0 >= seconds }
        counts[bucket] += 1
        count += 1
        sum += seconds
    }

    /// The duration in seconds that the share `q` of all recorded ones did not exceed; `nil` when empty.
    public func quantile(_ q: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((q * Double(count)).rounded(.up)))
        var seen = 0
        for (bucket, n) in counts.enumerated() {
            seen += n
            if seen >= rank { return bucket < Self.bounds.count ? Self.bounds[bucket] : .infinity }
        }
        return nil
    }
}

extension Array {
    /// The first index whose element satisfies `predicate`, in an array where all such come last.
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
