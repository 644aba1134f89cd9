import FoundationEssentials

/// The character map of a SentencePiece model (`Precompiled` in `tokenizer.json`): strings, and what
/// stands for them.
///
/// In little-endian words: the size of a double-array trie in bytes, the trie
/// ([Darts-clone](https://github.com/s-yata/darts-clone)), then the replacements, each with a zero behind
/// it, at the positions that the leaves of the trie hold.
///
/// A cluster of characters of up to five bytes is looked up as a whole, any other scalar by scalar; and
/// what is found for the beginning of a cluster stands for all of it. So does `tokenizers`, whose models
/// were made with that.
struct CharacterMap: Sendable {
    private let trie: [UInt32]
    private let replacements: [UInt8]

    /// - Returns: `nil` where this is no such map.
    init?(base64: String) {
        guard let data = Data(base64Encoded: base64) else { return nil }
        let bytes = [UInt8](data)
        func word(_ position: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count >= 8 else { return nil }
        let size = Int(word(0))
        guard size >= 4, size % 4 == 0, size + 4 <= bytes.count else { return nil }
        trie = (0..<size / 4).map { word(4 + 4 * $0) }
        replacements = Array(bytes[(4 + size)...])
        guard String(validating: replacements, as: UTF8.self) != nil else { return nil }
    }

    /// What stands for a string, or for its beginning.
    func replacement(for key: some Sequence<UInt8>) -> ArraySlice<UInt8>? {
        func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }
        var node = offset(trie[0])
        for byte in key where byte != 0 {
            node ^= Int(byte)
            guard trie.indices.contains(node), trie[node] & (1 << 31 | 0xFF) == UInt32(byte) else {
                return nil
            }
            let unit = trie[node]
            node ^= offset(unit)
            if unit >> 8 & 1 == 1 {
                guard trie.indices.contains(node) else { return nil }
                let start = Int(trie[node] & (1 << 31 - 1))
                guard start <= replacements.count else { return nil }
                return replacements[start...].prefix { $0 != 0 }
            }
        }
        return nil
    }

    func normalized(_ text: AlignedText) -> AlignedText {
        var changes: [(scalar: Unicode.Scalar, change: Int)] = []
        changes.reserveCapacity(text.bytes.count)
        var isModified = false
        func put(_ new: ArraySlice<UInt8>, for oldCount: Int) {
            isModified = true
            let mark = changes.count
            for scalar in String(decoding: new, as: UTF8.self).unicodeScalars { changes.append((scalar, 0)) }
            let excess = changes.count - mark - oldCount
            if excess > 0 {
                for i in changes.count - excess..<changes.count { changes[i].change = 1 }
            } else if excess < 0, !changes.isEmpty {
                // What disappears is taken by what stands before it.
                changes[changes.count - 1].change += excess
            }
        }
        Self.forEachCluster(of: text.bytes) { cluster in
            let bytes = text.bytes[cluster]
            if bytes.count < 6, let new = replacement(for: bytes) {
                return put(new, for: bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) })
            }
            var position = cluster.lowerBound
            while position < cluster.upperBound {
                let (scalar, length) = text.scalar(at: position)
                if let new = replacement(for: text.bytes[position..<position + length]) {
                    put(new, for: 1)
                } else {
                    changes.append((scalar, 0))
                }
                position += length
            }
        }
        guard isModified else { return text }
        var rewriting = Rewriting(text)
        for (scalar, change) in changes { rewriting.put(scalar, change: change) }
        return rewriting.result
    }

    /// Hands out the extended grapheme clusters of a text, in order.
    private static func forEachCluster(of bytes: [UInt8], _ body: (Range<Int>) -> Void) {
        var position = 0
        while position < bytes.count {
            // Between two bytes of ASCII there is always a boundary, but for CR LF.
            let next = position + 1
            if bytes[position] < 0x80, bytes[position] != 0x0D, next == bytes.count || bytes[next] < 0x80 {
                body(position..<next)
                position = next
                continue
            }
            var end = next
            while end < bytes.count, bytes[end] >= 0x80 || bytes[end - 1] >= 0x80 || bytes[end - 1] == 0x0D {
                end += 1
            }
            for character in String(decoding: bytes[position..<end], as: UTF8.self) {
                let length = character.utf8.count
                body(position..<position + length)
                position += length
            }
        }
    }
}
