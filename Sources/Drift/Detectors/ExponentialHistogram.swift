/// A window of values summarised in buckets of 1, 2, 4, 8 … values, oldest and largest last.
///
/// Appending may merge the two oldest buckets of a size into one of the next, so a window of n
/// values needs O(M log n) numbers. Only the oldest bucket can be dropped.
///
/// Source: Datar, Gionis, Indyk and Motwani, [doi:10.1137/S0097539701398363](https://doi.org/10.1137/S0097539701398363).
struct ExponentialHistogram: Sendable, Equatable, Codable {
    /// The sum of a bucket's values, and of the squares of their deviations from their mean.
    private struct Bucket: Sendable, Equatable, Codable {
        var total: Double
        var scatter: Double
    }

    private let maximumBuckets: Int

    /// `rows[r]` holds buckets of 2ʳ values each, the oldest first.
    private var rows: [[Bucket]] = [[]]

    private(set) var count = 0
    private(set) var total = 0.0
    private var scatter = 0.0

    init(maximumBuckets: Int) { self.maximumBuckets = maximumBuckets }

    var variance: Double { count == 0 ? 0 : max(0, scatter / Double(count)) }

    /// The buckets' sums by bucket size, from the oldest values to the newest.
    var oldestFirst: some Sequence<(size: Double, totals: [Double])> {
        rows.indices.reversed().lazy.map { row in (Self.size(row), rows[row].map(\.total)) }
    }

    private static func size(_ row: Int) -> Double { Double(1 << row) }

    mutating func append(_ x: Double) {
        rows[0].append(Bucket(total: x, scatter: 0))
        if count > 0 {
            let n = Double(count)
            let step = x - total / n
            scatter += n * step * step / (n + 1)
        }
        count += 1
        total += x
        mergeFullRows()
    }

    mutating func dropOldestBucket() {
        guard let last = rows.indices.last, let bucket = rows[last].first else { return }
        let n = Self.size(last)
        count -= 1 << last
        total -= bucket.total
        if count > 0 {
            let rest = Double(count)
            let step = bucket.total / n - total / rest
            scatter -= bucket.scatter + n * rest * step * step / (n + rest)
        } else {
            scatter = 0
        }
        rows[last].removeFirst()
        if rows[last].isEmpty && rows.count > 1 { rows.removeLast() }
    }

    private mutating func mergeFullRows() {
        var row = 0
        while rows[row].count > maximumBuckets {
            let (one, two) = (rows[row][0], rows[row][1])
            let n = Self.size(row)
            let step = (one.total - two.total) / n
            rows[row].removeFirst(2)
            if row + 1 == rows.count { rows.append([]) }
            rows[row + 1].append(
                Bucket(
                    total: one.total + two.total,
                    scatter: one.scatter + two.scatter + n / 2 * step * step))
            row += 1
        }
    }
}
