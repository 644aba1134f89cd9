/// What was found, what is there, and what is both.
public struct Counts: Sendable, Equatable {
    public var found = 0
    public var wanted = 0
    public var right = 0

    public init() {}

    /// Of two sets.
    public init<Element: Hashable>(_ found: Set<Element>, _ wanted: Set<Element>) {
        self.found = found.count
        self.wanted = wanted.count
        right = found.intersection(wanted).count
    }

    public static func += (a: inout Counts, b: Counts) {
        a.found += b.found
        a.wanted += b.wanted
        a.right += b.right
    }

    /// right/found; 0 where nothing was found.
    public var precision: Double { found == 0 ? 0 : Double(right) / Double(found) }
    /// right/wanted; 0 where nothing is there.
    public var recall: Double { wanted == 0 ? 0 : Double(right) / Double(wanted) }
    /// Their harmonic mean; 1 where there was nothing to find and nothing was found.
    public var f1: Double {
        found + wanted == 0 ? 1 : 2 * Double(right) / Double(found + wanted)
    }
}
