/// The unigram model: of all ways to cut a word into tokens the most probable one, found by Viterbi's
/// algorithm over a trie.
///
/// Source: Kudo, [arXiv:1804.10959](https://arxiv.org/abs/1804.10959); the score of what is unknown is
/// SentencePiece's: the least of all, less 10.
struct Unigram: Sendable {
    private let trie: ByteTrie
    private let table: TokenTable
    /// Log probabilities by id.
    private let scores: [Double]
    private let unknown: Int32?
    private let unknownScore: Double
    /// By byte, the token such as `<0x0A>`; empty where what is unknown stays so.
    private let byteTokens: [Int32]

    /// - Parameter tokens: by id, each with its log probability.
    init(tokens: [(String, Double)], unknown: Int32?, fallsBackToBytes: Bool) {
        let entries = tokens.enumerated().map { (Array($1.0.utf8), Int32($0)) }
        trie = ByteTrie(entries)
        // Of equal tokens the last counts, but the table finds the first that it is given.
        table = TokenTable(entries.reversed())
        scores = tokens.map(\.1)
        self.unknown = unknown
        unknownScore = (scores.min() ?? 0) - 10
        let table = table
        byteTokens =
            fallsBackToBytes
            ? (UInt8.min...UInt8.max).map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return table.id(of: Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)) ?? -1
            } : []
    }

    /// The best way to each byte of a word, from its beginning.
    struct Lattice {
        struct Node {
            var score = 0.0
            /// Where the last token of the way begins; −1 where there is no way.
            var start: Int32 = -1
            var id: Int32 = 0
        }

        fileprivate var nodes: [Node] = []
        fileprivate var tokens: [(id: Int32, start: Int, end: Int)] = []
    }

    /// Hands out the tokens of one word: each with its bytes, counted from the beginning of the word.
    ///
    /// - Parameter lattice: memory that is used again from word to word.
    func forEachToken(
        of text: UnsafeBufferPointer<UInt8>, _ lattice: inout Lattice, _ emit: (Int32, Range<Int>) -> Void
    ) {
        unsafe fill(&lattice, text)
        lattice.tokens.removeAll(keepingCapacity: true)
        var end = text.count
        while end > 0, lattice.nodes[end].start >= 0 {
            let node = lattice.nodes[end]
            // Neighbours that are unknown become one.
            if node.id == unknown, let last = lattice.tokens.last, last.id == unknown {
                lattice.tokens[lattice.tokens.count - 1].start = Int(node.start)
            } else {
                lattice.tokens.append((node.id, Int(node.start), end))
            }
            end = Int(node.start)
        }
        for token in lattice.tokens.reversed() {
            let part = token.start..<token.end
            guard token.id == unknown else {
                emit(token.id, part)
                continue
            }
            // What is unknown scalar by scalar may be a token after all, or bytes.
            let bytes = unsafe UnsafeBufferPointer(rebasing: text[part])
            if let id = unsafe table.find(bytes, TokenTable.hash(bytes)) {
                emit(id, part)
            } else if !byteTokens.isEmpty, unsafe bytes.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
                for i in bytes.indices { unsafe emit(byteTokens[Int(bytes[i])], part) }
            } else {
                emit(token.id, part)
            }
        }
    }

    private func fill(_ lattice: inout Lattice, _ text: UnsafeBufferPointer<UInt8>) {
        lattice.nodes.removeAll(keepingCapacity: true)
        for _ in 0...text.count { lattice.nodes.append(Lattice.Node()) }
        func improve(_ end: Int, _ start: Int, _ id: Int32, _ score: Double) {
            let node = lattice.nodes[end]
            if node.start < 0 || score > node.score {
                lattice.nodes[end] = Lattice.Node(score: score, start: Int32(start), id: id)
            }
        }
        var start = 0
        while start < text.count {
            let length = unsafe UTF8Scalars.scalar(in: text, at: start).1
            let here = lattice.nodes[start].score
            var hasSingle = false
            unsafe trie.forEachPrefix(of: text, from: start) { id, end in
                improve(end, start, id, scores[Int(id)] + here)
                if end - start == length { hasSingle = true }
            }
            if !hasSingle { improve(start + length, start, unknown ?? 0, unknownScore + here) }
            start += length
        }
    }
}
