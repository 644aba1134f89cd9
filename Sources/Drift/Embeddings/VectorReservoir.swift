/// A bounded uniform sample of rows and their vectors: what last week looked like, in a fixed size.
///
/// Each row draws a lot that is a hash of its identity and the seed, and the `capacity` smallest
/// lots stay. So every row has the same chance, whatever the order in which rows came; a row that
/// comes twice counts once; and the sample of two stretches together is the merge of their samples,
/// to the byte. A row costs O(1) on average, O(log capacity) when it stays, which of n rows only
/// about capacity · ln(n/capacity) ever do.
///
/// Memory: capacity × (vector + 16 bytes); 1 000 rows of 64 numbers are 270 kB.
///
/// Source: bottom-k sampling, Cohen and Kaplan, *Summarizing data using bottom-k sketches*,
/// [doi:10.1145/1281100.1281133](https://doi.org/10.1145/1281100.1281133).
public struct VectorReservoir: Sendable, Hashable, Codable {
    /// A row that was drawn.
    public struct Row: Sendable, Hashable, Codable {
        /// The row's identity, such as its number in the store.
        public let id: UInt64
        public let vector: [Float]
        fileprivate let lot: UInt64
    }

    /// The greatest number of rows kept.
    public let capacity: Int
    public let seed: UInt64

    /// How many rows were offered, repetitions included.
    public private(set) var offered = 0

    /// The rows kept, the smallest lot first.
    public private(set) var rows: [Row] = []

    public init(capacity: Int, seed: UInt64) {
        precondition(capacity > 0, "a reservoir holds at least one row, not \(capacity)")
        self.capacity = capacity
        self.seed = seed
    }

    /// The vectors kept, in the order of the lot: any prefix of them is a uniform sample too.
    public var vectors: [[Float]] { rows.map(\.vector) }

    /// Whether a row with this identity would stay, so that its vector is worth computing.
    public func wants(id: UInt64) -> Bool {
        rows.count < capacity || lot(of: id) < rows[rows.count - 1].lot
    }

    /// Offers a row; `vector` is only computed where the row stays.
    ///
    /// All vectors of a reservoir have the same length. A vector with a number that is not finite
    /// is not kept.
    public mutating func offer(id: UInt64, _ vector: @autoclosure () -> [Float]) {
        offered += 1
        let lot = lot(of: id)
        guard rows.count < capacity || lot < rows[rows.count - 1].lot else { return }
        insert(Row(id: id, vector: vector(), lot: lot))
    }

    /// Takes in the sample of another stretch with the same capacity and seed.
    public mutating func merge(_ other: VectorReservoir) {
        precondition(
            capacity == other.capacity && seed == other.seed,
            "reservoirs of \(capacity) and \(other.capacity) rows or of different seeds cannot be merged")
        offered += other.offered
        for row in other.rows { insert(row) }
    }

    private mutating func insert(_ row: Row) {
        let place = rows.partitioningIndex { $0.lot >= row.lot }
        guard place < capacity, place == rows.count || rows[place].lot != row.lot,
            row.vector.allSatisfy(\.isFinite)
        else { return }
        precondition(
            rows.first.map { $0.vector.count == row.vector.count } ?? true,
            "a vector of \(row.vector.count) numbers beside one of \(rows.first?.vector.count ?? 0)")
        rows.insert(row, at: place)
        if rows.count > capacity { rows.removeLast() }
    }

    /// A bijection of the identity, so that two rows never share a lot.
    private func lot(of id: UInt64) -> UInt64 {
        // The seed is scattered first: a small one would only rename small identities.
        var scattered = SplitMix64(seed: seed)
        var random = SplitMix64(seed: id ^ scattered.next())
        return random.next()
    }
}

extension Array {
    /// The first place at which a condition holds that is false before and true from there on.
    func partitioningIndex(_ isBeyond: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
