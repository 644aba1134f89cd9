/// Which two symbols become one, and in which order: open addressing over the pair.
struct MergeTable: Sendable {
    struct Merge: Sendable, Equatable {
        /// The lowest is done first.
        var rank: Int32
        /// What comes of it.
        var id: Int32
    }

    private struct Slot: Sendable {
        var pair: UInt64 = 0
        /// Of rank −1 where the slot is empty.
        var merge = Merge(rank: -1, id: -1)
    }

    private var slots: [Slot]
    private let mask: Int

    /// - Parameter merges: in order of rank; of equal pairs the last counts.
    init(_ merges: [(left: Int32, right: Int32, id: Int32)]) {
        var size = 16
        while size < merges.count * 2 { size *= 2 }
        mask = size - 1
        slots = [Slot](repeating: Slot(), count: size)
        for (rank, merge) in merges.enumerated() {
            let pair = Self.pair(merge.left, merge.right)
            var index = Self.index(pair) & mask
            while slots[index].merge.rank >= 0, slots[index].pair != pair { index = (index + 1) & mask }
            slots[index] = Slot(pair: pair, merge: Merge(rank: Int32(rank), id: merge.id))
        }
    }

    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private static func index(_ pair: UInt64) -> Int {
        Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 31)
    }

    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let pair = Self.pair(left, right)
        var index = Self.index(pair) & mask
        while slots[index].merge.rank >= 0 {
            if slots[index].pair == pair { return slots[index].merge }
            index = (index + 1) & mask
        }
        return nil
    }
}
