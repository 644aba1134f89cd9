/// A text as words, and as a short vector of them: enough to see whether texts look different.
///
/// The vector needs no model, so that a report can be made from the database alone: each word adds
/// ±1 to one of 64 places, both drawn by its hash, and the sum is divided by the root of the number
/// of words. It sees which words are used, not in which order.
///
/// Source: Weinberger et al., *Feature Hashing for Large Scale Multitask Learning*,
/// [arXiv:0902.2206](https://arxiv.org/abs/0902.2206).
package struct HashedWords {
    static let dimensions = 64
    /// Words of one text that are looked at, at most.
    static let mostWords = 512

    package let words: [String]

    /// Words are runs of letters, digits and apostrophes, in lower case.
    package init(_ text: String) {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber || (character == "'" && !word.isEmpty) {
                word.append(character)
            } else if !word.isEmpty {
                words.append(word)
                word = ""
                if words.count == Self.mostWords { break }
            }
        }
        if !word.isEmpty { words.append(word) }
        self.words = words
    }

    package var vector: [Float] {
        var vector = [Float](repeating: 0, count: Self.dimensions)
        for word in words {
            let hash = Self.hash(word)
            vector[Int(hash % UInt64(Self.dimensions))] += hash >> 63 == 1 ? -1 : 1
        }
        let scale = 1 / Float(max(1, words.count)).squareRoot()
        return vector.map { $0 * scale }
    }

    /// FNV-1a, its bits mixed once more: Swift's own hash differs from run to run.
    private static func hash(_ word: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 33)
    }
}
