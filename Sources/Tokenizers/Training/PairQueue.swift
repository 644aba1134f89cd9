/// Pairs of neighbours by frequency, and the words that hold them.
struct PairQueue {
    struct Entry {
        var count: Int
        var left: Int32
        var right: Int32
        /// Some may come twice; a merge finds nothing the second time.
        var words: [Int32]

        /// The more frequent first, of equals the lower ids.
        fileprivate func precedes(_ other: Entry) -> Bool {
            count != other.count ? count > other.count : (left, right) < (other.left, other.right)
        }
    }

    private var heap: [Entry] = []
    private var counts: [UInt64: Int] = [:]
    /// Pairs that came since the last push, and their words.
    private var new: [UInt64: [Int32]] = [:]

    init(_ symbols: Symbols, _ frequencies: [Int]) {
        for word in 0..<symbols.count {
            let ids = symbols[word]
            for (left, right) in zip(ids, ids.dropFirst()) {
                change(left, right, by: frequencies[word], word: Int32(word), isNew: true)
            }
        }
        pushNew()
    }

    static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    mutating func change(_ left: Int32, _ right: Int32, by count: Int, word: Int32, isNew: Bool) {
        let key = Self.key(left, right)
        counts[key, default: 0] += count
        guard isNew else { return }
        if new[key]?.last != word { new[key, default: []].append(word) }
    }

    mutating func pushNew() {
        for (key, words) in new {
            guard let count = counts[key], count > 0 else { continue }
            push(
                Entry(
                    count: count, left: Int32(truncatingIfNeeded: key >> 32),
                    right: Int32(truncatingIfNeeded: key), words: words))
        }
        new.removeAll(keepingCapacity: true)
    }

    /// The most frequent pair. Counts that sank since it was pushed are set right on the way.
    mutating func pop() -> Entry? {
        while var top = removeFirst() {
            let count = counts[Self.key(top.left, top.right)] ?? 0
            if top.count == count { return top }
            top.count = count
            push(top)
        }
        return nil
    }

    private mutating func push(_ entry: Entry) {
        var child = heap.count
        heap.append(entry)
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func removeFirst() -> Entry? {
        guard !heap.isEmpty else { return nil }
        heap.swapAt(0, heap.count - 1)
        let top = heap.removeLast()
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return top
    }
}
