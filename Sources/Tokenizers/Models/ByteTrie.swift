/// Tokens by their bytes, for finding all that a text begins with: a trie whose children lie together.
struct ByteTrie: Sendable {
    private struct Node: Sendable {
        /// Of the children, which are sorted by their byte.
        var first: Int32 = 0
        var count: Int32 = 0
        /// −1 where no token ends.
        var id: Int32 = -1
    }

    private var nodes = [Node()]
    private var labels: [UInt8] = [0]
    /// The children of the root by their byte; 0 where there is none.
    private var roots = [Int32](repeating: 0, count: 256)

    /// - Parameter tokens: of equal ones the last counts.
    init(_ tokens: [([UInt8], Int32)]) {
        let sorted = tokens.enumerated().filter { !$0.element.0.isEmpty }.sorted { a, b in
            a.element.0 == b.element.0
                ? a.offset < b.offset : a.element.0.lexicographicallyPrecedes(b.element.0)
        }.map(\.element)
        // Level by level, so that children are neighbours: a node, its tokens and its depth.
        var level = [(node: 0, tokens: 0..<sorted.count)]
        var depth = 0
        while !level.isEmpty {
            var next: [(node: Int, tokens: Range<Int>)] = []
            for (node, tokens) in level {
                var start = tokens.lowerBound
                while start < tokens.upperBound, sorted[start].0.count == depth {
                    nodes[node].id = sorted[start].1
                    start += 1
                }
                nodes[node].first = Int32(nodes.count)
                while start < tokens.upperBound {
                    let label = sorted[start].0[depth]
                    var end = start + 1
                    while end < tokens.upperBound, sorted[end].0[depth] == label { end += 1 }
                    if depth == 0 { roots[Int(label)] = Int32(nodes.count) }
                    next.append((nodes.count, start..<end))
                    nodes.append(Node())
                    labels.append(label)
                    nodes[node].count += 1
                    start = end
                }
            }
            level = next
            depth += 1
        }
    }

    /// Hands out each token that begins at a byte: its id and where it ends.
    @inline(__always)
    func forEachPrefix(
        of text: UnsafeBufferPointer<UInt8>, from start: Int, _ emit: (Int32, Int) -> Void
    ) {
        var node = unsafe Int(roots[Int(text[start])])
        var position = start + 1
        while node > 0 {
            let current = nodes[node]
            if current.id >= 0 { emit(current.id, position) }
            guard position < text.count else { return }
            node = unsafe child(of: current, text[position])
            position += 1
        }
    }

    private func child(of node: Node, _ label: UInt8) -> Int {
        var (low, high) = (Int(node.first), Int(node.first + node.count))
        while high - low > 8 {
            let middle = (low + high) / 2
            if labels[middle] <= label { low = middle } else { high = middle }
        }
        for i in low..<high where labels[i] == label { return i }
        return 0
    }
}
