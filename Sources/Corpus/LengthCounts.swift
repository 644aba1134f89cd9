/// How often each length occurs: exact, in room for the different lengths alone.
public struct LengthCounts: Sendable, Equatable {
    private var counts: [Int: Int] = [:]
    public private(set) var count = 0

    public init() {}

    public mutating func add(_ length: Int) {
        counts[length, default: 0] += 1
        count += 1
    }

    /// The least length that a share of all does not exceed; 0 of nothing.
    public func quantile(_ share: Double) -> Int {
        let wanted = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (length, number) in counts.sorted(by: { $0.key < $1.key }) {
            seen += number
            if seen >= wanted { return length }
        }
        return 0
    }

    public var mean: Double {
        count == 0 ? 0 : counts.reduce(0) { $0 + Double($1.key) * Double($1.value) } / Double(count)
    }

    /// How many are longer.
    public func count(above limit: Int) -> Int { counts.reduce(0) { $0 + ($1.key > limit ? $1.value : 0) } }

    /// Counts of lengths up to powers of two: 1, 2, 3…4, 5…8, …
    public var octaves: [(range: ClosedRange<Int>, count: Int)] {
        var result: [(ClosedRange<Int>, Int)] = []
        var (low, high) = (0, 1)
        let longest = counts.keys.max() ?? 0
        while low <= longest {
            let number = counts.reduce(0) { $0 + ((low...high).contains($1.key) ? $1.value : 0) }
            result.append((low...high, number))
            (low, high) = (high + 1, high * 2)
        }
        return result
    }
}
