import Glibc

/// One value of one property of rows, such as length "65 to 128" or source "forum".
public struct SliceKey: Sendable, Hashable, Codable, Comparable {
    /// The property: `label`, `length`, `source`, `language`, any column of the rows.
    public let property: String
    public let value: String

    public init(_ property: String, _ value: String) {
        self.property = property
        self.value = value
    }

    public static func < (one: SliceKey, other: SliceKey) -> Bool {
        (one.property, one.value) < (other.property, other.value)
    }
}

/// How a slice fares beside all rows outside of it.
public struct SliceFinding: Sendable, Hashable, Codable {
    public let key: SliceKey
    /// Rows in the slice.
    public let count: Int
    /// Mean loss of the slice.
    public let meanLoss: Double
    /// Mean loss of the rows outside.
    public let meanLossOutside: Double
    /// Welch's one-sided p that the slice is no worse than the rest, before correction.
    public let pValue: Double
    /// The same, corrected by Holm over all slices that were looked at.
    public let correctedPValue: Double

    /// The effect: by how much the slice's loss exceeds the others'.
    public var excess: Double { meanLoss - meanLossOutside }
}

/// The losses of rows by slice, from which the worst slices follow.
///
/// Three numbers a slice, O(properties) a row, mergeable. A property with very many values (an
/// identifier) is cut off at `maximumSlices` and counted in `dropped`.
public struct SliceTally: Sendable, Hashable, Codable {
    private struct Sums: Sendable, Hashable, Codable {
        var count = 0
        var loss = 0.0
        var square = 0.0

        mutating func add(_ other: Sums) {
            count += other.count
            loss += other.loss
            square += other.square
        }
    }

    /// The greatest number of slices kept.
    public let maximumSlices: Int
    /// Row values that found no place.
    public private(set) var dropped = 0

    private var total = Sums()
    private var slices: [String: [String: Sums]] = [:]
    private var kept = 0

    public init(maximumSlices: Int = 1_000) {
        precondition(maximumSlices > 0, "slices need room for at least one")
        self.maximumSlices = maximumSlices
    }

    /// All rows.
    public var count: Int { total.count }

    /// Counts a row; a loss that is not finite is left out.
    ///
    /// - Parameters:
    ///   - slices: the row's properties and their values.
    ///   - loss: any loss of which more is worse; 1 for a wrong answer.
    public mutating func add(_ slices: [String: String], loss: Double) {
        guard loss.isFinite else { return }
        let row = Sums(count: 1, loss: loss, square: loss * loss)
        total.add(row)
        // Sorted, so that it is not the hash seed which decides who finds the last place.
        for (property, value) in slices.sorted(by: { $0.key < $1.key }) { add(row, property, value) }
    }

    /// Adds the rows of another stretch.
    public mutating func merge(_ other: SliceTally) {
        total.add(other.total)
        dropped += other.dropped
        for (property, values) in other.slices.sorted(by: { $0.key < $1.key }) {
            for (value, sums) in values.sorted(by: { $0.key < $1.key }) { add(sums, property, value) }
        }
    }

    private mutating func add(_ sums: Sums, _ property: String, _ value: String) {
        if slices[property]?[value] == nil {
            guard kept < maximumSlices else {
                dropped += sums.count
                return
            }
            kept += 1
        }
        slices[property, default: [:]][value, default: Sums()].add(sums)
    }

    /// The slices, worst first: those that are worse beyond chance by their excess, then the others.
    ///
    /// Each slice is compared with the rows outside of it by Welch's test, one-sided, and the
    /// p-values are corrected by Holm over all slices with enough rows on both sides. Smaller ones
    /// are not looked at, so they cost the others nothing.
    ///
    /// - Parameters:
    ///   - minimumSupport: rows that a slice and its outside must have.
    ///   - alpha: the corrected p up to which a slice counts as worse beyond chance.
    ///
    /// Source: Welch, [doi:10.1093/biomet/34.1-2.28](https://doi.org/10.1093/biomet/34.1-2.28).
    public func worstSlices(minimumSupport: Int = 50, alpha: Double = 0.05) -> [SliceFinding] {
        let tested = slices.flatMap { property, values in
            values.compactMap { value, inside -> (key: SliceKey, inside: Sums, outside: Sums)? in
                var outside = total
                outside.count -= inside.count
                outside.loss -= inside.loss
                outside.square -= inside.square
                guard min(inside.count, outside.count) >= max(2, minimumSupport) else { return nil }
                return (SliceKey(property, value), inside, outside)
            }
        }.sorted { $0.key < $1.key }
        let pValues = tested.map { welch($0.inside, $0.outside) }
        let reports = zip(tested, zip(pValues, holmCorrected(pValues))).map { slice, p in
            SliceFinding(
                key: slice.key, count: slice.inside.count,
                meanLoss: slice.inside.loss / Double(slice.inside.count),
                meanLossOutside: slice.outside.loss / Double(slice.outside.count), pValue: p.0,
                correctedPValue: p.1)
        }
        return reports.sorted { one, other in
            let (oneIsSure, otherIsSure) = (one.correctedPValue <= alpha, other.correctedPValue <= alpha)
            if oneIsSure != otherIsSure { return oneIsSure }
            return one.excess == other.excess ? one.key < other.key : one.excess > other.excess
        }
    }

    /// P(T ≥ t) of the difference of the means, with Welch's degrees of freedom.
    private func welch(_ inside: Sums, _ outside: Sums) -> Double {
        func variance(_ sums: Sums) -> Double {
            let n = Double(sums.count)
            return max(0, sums.square - sums.loss * sums.loss / n) / (n - 1)
        }
        let (n, m) = (Double(inside.count), Double(outside.count))
        let (a, b) = (variance(inside) / n, variance(outside) / m)
        let gap = inside.loss / n - outside.loss / m
        guard a + b > 0 else { return gap > 0 ? 0 : 1 }
        let freedom = (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1))
        return studentSurvival(gap / (a + b).squareRoot(), degreesOfFreedom: freedom)
    }
}
