/// Rows counted in fixed buckets.
///
/// Bucket i holds the values in [edges[i−1], edges[i]); the first is open below and the last open
/// above, so a value always finds its bucket. Fixed edges make any two histograms comparable and
/// let them be kept for years: nothing depends on the rows that happened to come first.
public struct Histogram: Sendable, Hashable, Codable {
    /// The bounds between neighbouring buckets, ascending.
    public let edges: [Double]

    /// Rows a bucket: one more than there are edges.
    public private(set) var counts: [Int]

    public init(edges: [Double]) {
        precondition(
            zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 },
            "the edges of a histogram must ascend: \(edges)")
        self.edges = edges
        counts = Array(repeating: 0, count: edges.count + 1)
    }

    /// Confidence of the predicted class, in ten buckets of 0.1.
    public static var confidence: Histogram { Histogram(edges: (1...9).map { Double($0) / 10 }) }

    /// Tokens of a text: up to 8, 16, 32, 64, 128, 256, 512 and more.
    public static var tokens: Histogram { Histogram(edges: [9, 17, 33, 65, 129, 257, 513]) }

    /// The share of a text's tokens that the vocabulary does not know, from none to more than half.
    public static var unknownShare: Histogram {
        Histogram(edges: [Double.leastNormalMagnitude, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5])
    }

    /// How many rows were counted.
    public var total: Int { counts.reduce(0, +) }

    /// The buckets' parts of all rows; zeros where nothing was counted.
    public var shares: [Double] {
        let total = Double(max(1, total))
        return counts.map { Double($0) / total }
    }

    /// Counts a value; NaN belongs nowhere and is left out.
    public mutating func add(_ x: Double) {
        guard !x.isNaN else { return }
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if x < edges[middle] { high = middle } else { low = middle + 1 }
        }
        counts[low] += 1
    }

    /// Adds the rows of another histogram with the same edges.
    public mutating func merge(_ other: Histogram) {
        precondition(
            edges == other.edges, "histograms with edges \(edges) and \(other.edges) cannot be merged")
        for index in counts.indices { counts[index] += other.counts[index] }
    }
}
