extension BPE {
    /// A word as a chain of symbols, and the merges that may be done to it.
    struct Word {
        struct Symbol {
            var id: Int32
            /// In bytes; 0 once it went into the one before it.
            var length: Int32
            var previous: Int32
            var next: Int32
        }

        private(set) var symbols: [Symbol] = []
        private var queue = Queue()

        mutating func removeAll() {
            symbols.removeAll(keepingCapacity: true)
            queue.removeAll()
        }

        mutating func append(_ id: Int32, length: Int) {
            let count = Int32(symbols.count)
            if count > 0 { symbols[Int(count) - 1].next = count }
            symbols.append(Symbol(id: id, length: Int32(length), previous: count - 1, next: -1))
        }

        /// Does all merges, lowest rank first, from left to right.
        mutating func merge(by merges: MergeTable) {
            guard symbols.count > 1 else { return }
            for i in 0..<symbols.count - 1 { push(Int32(i), merges) }
            while let top = queue.pop() {
                let position = Int(top.position)
                let left = symbols[position]
                guard left.length > 0, left.next >= 0 else { continue }
                let right = symbols[Int(left.next)]
                // What was queued may have become something else.
                guard merges.merge(left.id, right.id)?.id == top.id else { continue }
                symbols[position].id = top.id
                symbols[position].length += right.length
                symbols[position].next = right.next
                symbols[Int(left.next)].length = 0
                if right.next >= 0 { symbols[Int(right.next)].previous = top.position }
                if left.previous >= 0 { push(left.previous, merges) }
                push(top.position, merges)
            }
        }

        private mutating func push(_ position: Int32, _ merges: MergeTable) {
            let symbol = symbols[Int(position)]
            guard symbol.next >= 0,
                let merge = merges.merge(symbol.id, symbols[Int(symbol.next)].id)
            else { return }
            queue.push(Entry(rank: merge.rank, position: position, id: merge.id))
        }
    }

    struct Entry {
        var rank: Int32
        var position: Int32
        var id: Int32

        static func < (a: Entry, b: Entry) -> Bool {
            a.rank < b.rank || a.rank == b.rank && a.position < b.position
        }
    }

    /// A binary heap, the least entry on top.
    struct Queue {
        private var entries: [Entry] = []

        mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

        mutating func push(_ entry: Entry) {
            var child = entries.count
            entries.append(entry)
            while child > 0 {
                let parent = (child - 1) / 2
                guard entry < entries[parent] else { break }
                entries[child] = entries[parent]
                child = parent
            }
            entries[child] = entry
        }

        mutating func pop() -> Entry? {
            guard let top = entries.first, let last = entries.popLast() else { return nil }
            guard !entries.isEmpty else { return top }
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < entries.count else { break }
                if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
                guard entries[child] < last else { break }
                entries[parent] = entries[child]
                parent = child
            }
            entries[parent] = last
            return top
        }
    }
}
