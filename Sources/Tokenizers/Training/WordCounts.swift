/// Words and how often each was seen, in memory that grows with distinct words only.
struct WordCounts: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64 = 0
        /// −1 where the slot is empty.
        var word: Int32 = -1
    }

    private var slots = [Slot](repeating: Slot(), count: 1024)
    private var bytes: [UInt8] = []
    /// Where each word ends in `bytes`.
    private var ends: [Int] = []
    private(set) var counts: [Int] = []

    var count: Int { counts.count }

    /// The bytes of a word, in the order in which they were first seen.
    subscript(word: Int) -> ArraySlice<UInt8> { bytes[(word == 0 ? 0 : ends[word - 1])..<ends[word]] }

    mutating func add(_ word: UnsafeBufferPointer<UInt8>) {
        let hash = unsafe TokenTable.hash(word)
        var index = Self.index(hash) & (slots.count - 1)
        while slots[index].word >= 0 {
            let other = Int(slots[index].word)
            if slots[index].hash == hash, unsafe self[other].elementsEqual(word) {
                counts[other] += 1
                return
            }
            index = (index + 1) & (slots.count - 1)
        }
        slots[index] = Slot(hash: hash, word: Int32(counts.count))
        unsafe bytes += word
        ends.append(bytes.count)
        counts.append(1)
        if counts.count * 2 > slots.count { grow() }
    }

    private static func index(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash ^ hash >> 29) }

    private mutating func grow() {
        var larger = [Slot](repeating: Slot(), count: slots.count * 2)
        for slot in slots where slot.word >= 0 {
            var index = Self.index(slot.hash) & (larger.count - 1)
            while larger[index].word >= 0 { index = (index + 1) & (larger.count - 1) }
            larger[index] = slot
        }
        slots = larger
    }
}
