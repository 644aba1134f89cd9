/// Learns a vocabulary by merging the most frequent pair of neighbours, again and again.
///
/// Source: Sennrich, Haddow & Birch, [arXiv:1508.07909](https://arxiv.org/abs/1508.07909); order and ties
/// are those of `BpeTrainer` in Hugging Face's `tokenizers`, so that the same words give the same
/// vocabulary. Its order of ids: special tokens, the alphabet by code point, then merges as they are
/// learned. Of pairs that are equally frequent the one with the lower ids is merged first.
///
/// Two things `tokenizers` leaves to chance, because it takes them from a hash table in its order: the ids
/// of symbols with a `continuingPrefix` (here by code point), and which of equally rare scalars go where the
/// alphabet is limited (here the higher code points). Its own runs differ there, and where ids differ, ties
/// are broken differently from then on.
struct PairTraining {
    var vocabularySize: Int
    /// Pairs that are rarer are not merged.
    var minimumFrequency: Int
    /// Those with the first ids: special tokens.
    var firstTokens: [String]
    /// Before each symbol but the first of a word.
    var continuingPrefix = ""
    /// How many different scalars there may be; the rarest go.
    var alphabetLimit: Int?
    /// In the alphabet, whether they are seen or not.
    var initialAlphabet: [Unicode.Scalar] = []

    struct Result {
        /// By id, in UTF-8.
        var tokens: [[UInt8]] = []
        var merges: [(left: Int32, right: Int32)] = []
    }

    private struct Tokens {
        var all: [[UInt8]] = []
        var ids: [[UInt8]: Int32] = [:]

        mutating func add(_ token: [UInt8]) -> Int32 {
            if let id = ids[token] { return id }
            ids[token] = Int32(all.count)
            all.append(token)
            return Int32(all.count - 1)
        }
    }

    /// - Parameters:
    ///   - words: each with its count.
    ///   - spelling: the scalars of a word's bytes.
    func train(_ words: WordCounts, spelling: (ArraySlice<UInt8>) -> [Unicode.Scalar]) -> Result {
        let spelled = (0..<words.count).map { spelling(words[$0]) }
        var tokens = Tokens()
        for token in firstTokens { _ = tokens.add(Array(token.utf8)) }
        for scalar in alphabet(spelled, words.counts) { _ = tokens.add(Array(UTF8.encode(scalar)!)) }
        var symbols = symbols(of: spelled, &tokens)
        var pairs = PairQueue(symbols, words.counts)
        var merges: [(left: Int32, right: Int32)] = []
        let prefix = Array(continuingPrefix.utf8)
        while tokens.all.count < vocabularySize, let top = pairs.pop() {
            guard top.count >= max(1, minimumFrequency) else { break }
            var right = tokens.all[Int(top.right)][...]
            if !prefix.isEmpty, right.starts(with: prefix) { right = right.dropFirst(prefix.count) }
            let id = tokens.add(tokens.all[Int(top.left)] + right)
            merges.append((top.left, top.right))
            for word in top.words {
                symbols.merge(top.left, top.right, into: id, word: Int(word)) { left, right, change in
                    pairs.change(
                        left, right, by: change * words.counts[Int(word)], word: word, isNew: change > 0)
                }
            }
            pairs.pushNew()
        }
        return Result(tokens: tokens.all, merges: Self.lastOfEach(merges))
    }

    private func alphabet(_ words: [[Unicode.Scalar]], _ counts: [Int]) -> [Unicode.Scalar] {
        var frequencies: [Unicode.Scalar: Int] = [:]
        for (word, count) in zip(words, counts) {
            for scalar in word { frequencies[scalar, default: 0] += count }
        }
        for scalar in initialAlphabet { frequencies[scalar] = .max }
        guard let limit = alphabetLimit, frequencies.count > limit else { return frequencies.keys.sorted() }
        let kept = frequencies.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        return kept.prefix(limit).map(\.key).sorted()
    }

    /// The symbols of each word; scalars that are not in the alphabet are left out.
    private func symbols(of words: [[Unicode.Scalar]], _ tokens: inout Tokens) -> Symbols {
        let alphabet = tokens.ids
        func id(_ scalar: Unicode.Scalar) -> Int32? { alphabet[Array(UTF8.encode(scalar)!)] }
        var continuing: [Unicode.Scalar: Int32] = [:]
        if !continuingPrefix.isEmpty {
            let inner = Set(words.lazy.flatMap { $0.dropFirst() }).filter { id($0) != nil }
            for scalar in inner.sorted() {
                continuing[scalar] = tokens.add(Array(continuingPrefix.utf8) + UTF8.encode(scalar)!)
            }
        }
        var first: [Unicode.Scalar: Int32] = [:]
        for scalar in Set(words.lazy.joined()) { first[scalar] = id(scalar) }
        var symbols = Symbols()
        for word in words {
            symbols.append(
                word.enumerated().compactMap { i, scalar in
                    i > 0 && !continuingPrefix.isEmpty ? continuing[scalar] : first[scalar]
                })
        }
        return symbols
    }

    /// A pair may be merged twice, where what comes of it came of another pair before; its last rank counts.
    private static func lastOfEach(_ merges: [(left: Int32, right: Int32)]) -> [(left: Int32, right: Int32)] {
        var seen: Set<UInt64> = []
        return merges.reversed().filter { seen.insert(PairQueue.key($0.left, $0.right)).inserted }.reversed()
    }
}

/// All words as symbols, one after the other in one block.
struct Symbols {
    private var ids: [Int32] = []
    private var parts: [Range<Int>] = []

    mutating func append(_ word: [Int32]) {
        parts.append(ids.count..<ids.count + word.count)
        ids += word
    }

    var count: Int { parts.count }

    subscript(word: Int) -> ArraySlice<Int32> { ids[parts[word]] }

    /// Merges a pair wherever a word holds it, and tells which pairs came and went.
    mutating func merge(
        _ left: Int32, _ right: Int32, into id: Int32, word: Int, _ change: (Int32, Int32, Int) -> Void
    ) {
        let part = parts[word]
        var (read, write) = (part.lowerBound, part.lowerBound)
        while read < part.upperBound {
            guard ids[read] == left, read + 1 < part.upperBound, ids[read + 1] == right else {
                ids[write] = ids[read]
                read += 1
                write += 1
                continue
            }
            if write > part.lowerBound {
                change(ids[write - 1], left, -1)
                change(ids[write - 1], id, 1)
            }
            if read + 2 < part.upperBound {
                change(right, ids[read + 2], -1)
                change(id, ids[read + 2], 1)
            }
            ids[write] = id
            read += 2
            write += 1
        }
        parts[word] = part.lowerBound..<write
    }
}
