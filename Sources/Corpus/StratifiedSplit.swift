/// Divides rows among sides so that each side has its share of every stratum, and what belongs together stays so.
///
/// A unit is one row, or all rows of a group. The units of a stratum stand in the order of their keys, which are
/// hashes, and are given out along the shares from a place that the stratum's name decides: so the order of
/// the rows makes no difference, and of many strata with one unit each every side gets its share too. Systematic
/// sampling within strata: Cochran, *Sampling Techniques*, 3rd edition (1977), chapter 8.
public struct StratifiedSplit: Sendable {
    public struct Side: Sendable, Hashable {
        public var name: String
        public var share: Double

        public init(name: String, share: Double) {
            self.name = name
            self.share = share
        }
    }

    private struct Unit {
        /// Of its first row.
        var stratum: Int32
        var rows: Int
    }

    private let sides: [Side]
    private var units: [UInt64: Unit] = [:]
    /// Rows by stratum, of units that have several.
    private var mixed: [UInt64: [Int32: Int]] = [:]
    private var strata: [String: Int32] = [:]

    /// - Precondition: shares are positive and add up to 1.
    public init(_ sides: [Side]) {
        precondition(
            sides.allSatisfy { $0.share > 0 } && abs(sides.reduce(0) { $0 + $1.share } - 1) < 1e-9,
            "shares \(sides.map(\.share)) are no parts of one")
        self.sides = sides
    }

    /// Takes a row in.
    ///
    /// - Parameters:
    ///   - unit: the hash of what stays together.
    ///   - stratum: what each side gets its share of, such as a label.
    public mutating func note(unit: UInt64, stratum: String) {
        let number = strata[stratum] ?? Int32(strata.count)
        strata[stratum] = number
        guard let before = units[unit] else {
            units[unit] = Unit(stratum: number, rows: 1)
            return
        }
        if before.stratum != number || mixed[unit] != nil {
            mixed[unit, default: [before.stratum: before.rows]][number, default: 0] += 1
        }
        units[unit]?.rows += 1
    }

    /// The side of each unit, as an index.
    public func assigned() -> [UInt64: Int] {
        let names = Dictionary(uniqueKeysWithValues: strata.map { ($1, $0) })
        // A unit belongs to the stratum that most of its rows are of, by name where several are.
        let members = Dictionary(grouping: units) { key, unit in
            mixed[key]?.min { (-$0.value, names[$0.key] ?? "") < (-$1.value, names[$1.key] ?? "") }?.key
                ?? unit.stratum
        }
        var result: [UInt64: Int] = [:]
        result.reserveCapacity(units.count)
        for (stratum, units) in members {
            let total = Double(units.reduce(0) { $0 + $1.value.rows })
            let start = Double(ContentHash.key(of: names[stratum]) >> 11) / Double(UInt64(1) << 53)
            var given = 0.0
            for (key, unit) in units.sorted(by: { $0.key < $1.key }) {
                result[key] = side(at: (given + start * Double(unit.rows)) / total)
                given += Double(unit.rows)
            }
        }
        return result
    }

    private func side(at place: Double) -> Int {
        var end = 0.0
        for (index, side) in sides.enumerated() {
            end += side.share
            if place < end { return index }
        }
        return sides.count - 1
    }
}
