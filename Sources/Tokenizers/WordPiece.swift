/// BERT's tokenizer: words, then the longest pieces of them that the vocabulary holds.
///
/// Source: Wu et al., [arXiv:1609.08144](https://arxiv.org/abs/1609.08144), section 4.1.
public struct WordPiece: PieceTokenizer {
    public let vocabulary: Vocabulary
    let splitter: WordSplitter
    let postProcessor: PostProcessor
    let decoder: TokenDecoder
    /// Tokens that are found in the text as it came, such as `[SEP]`.
    let addedTokens: AddedVocabulary
    /// Tokens that are found in the normalized text.
    let normalizedTokens: AddedVocabulary
    public let specialIDs: Set<Int32>
    let unknownID: Int32
    /// In scalars; a longer word is unknown.
    let maximumWordLength: Int

    var unknown: Int32? { unknownID }

    /// The tokens of one text, without special ones around it.
    func pieces(of text: String) -> Pieces {
        var text = text
        return text.withUTF8 { bytes in
            var pieces = Pieces()
            pieces.reserve(bytes.count / 4)
            var hashes: [UInt64] = []
            var (position, scalar) = (0, 0)
            var word: Int32 = 0
            unsafe addedTokens.split(bytes) { part, id in
                // A token may begin in the white space that the one before it took in.
                scalar +=
                    unsafe position <= part.lowerBound
                    ? UTF8Scalars.count(bytes[position..<part.lowerBound])
                    : -UTF8Scalars.count(bytes[part.lowerBound..<position])
                position = part.lowerBound
                if let id {
                    unsafe pieces.append(
                        id, scalar..<scalar + UTF8Scalars.count(bytes[part]), word: word)
                    word += 1
                } else {
                    unsafe words(
                        UnsafeBufferPointer(rebasing: bytes[part]), scalar, &word, &pieces, &hashes)
                }
            }
            return pieces
        }
    }

    /// The tokens of a part of a text that holds none of `addedTokens`.
    private func words(
        _ part: UnsafeBufferPointer<UInt8>, _ first: Int, _ number: inout Int32, _ pieces: inout Pieces,
        _ hashes: inout [UInt64]
    ) {
        let normalizer = splitter.normalizer
        guard unsafe !normalizedTokens.isEmpty || normalizer.reorders(part) else {
            return unsafe splitter.split(part, first: first) { word in
                append(word, number, &pieces, &hashes)
                number += 1
            }
        }
        let text = unsafe normalizer.normalized(part, first: first)
        unsafe text.bytes.withUnsafeBufferPointer { bytes in
            unsafe normalizedTokens.split(bytes) { part, id in
                if let id {
                    pieces.append(id, text.origin(of: part), word: number)
                    number += 1
                } else {
                    splitter.split(text, part) { word in
                        append(word, number, &pieces, &hashes)
                        number += 1
                    }
                }
            }
        }
    }

    /// Cuts one word into its longest known pieces, or into one unknown.
    private func append(
        _ word: borrowing WordSplitter.Word, _ number: Int32, _ pieces: inout Pieces,
        _ hashes: inout [UInt64]
    ) {
        let count = word.bytes.count
        let whole = Int(word.scalars[0])..<Int(word.scalars[count - 1]) + 1
        let length =
            count <= maximumWordLength ? count : word.bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
        guard length <= maximumWordLength else { return pieces.append(unknownID, whole, word: number) }
        let mark = pieces.ids.count
        var start = 0
        while start < count {
            hashes.removeAll(keepingCapacity: true)
            var hash = TokenTable.emptyHash
            for i in start..<count {
                hash = TokenTable.hash(hash, word.bytes[i])
                hashes.append(hash)
            }
            var end = count
            var found: Int32?
            while end > start {
                // A piece ends where a scalar ends.
                if end == count || word.bytes[end] & 0xC0 != 0x80 {
                    found = unsafe word.bytes.withUnsafeBufferPointer {
                        unsafe vocabulary.piece(
                            UnsafeBufferPointer(rebasing: $0[start..<end]), hash: hashes[end - start - 1],
                            continues: start > 0)
                    }
                    if found != nil { break }
                }
                end -= 1
            }
            guard let found else {
                pieces.truncate(to: mark)
                return pieces.append(unknownID, whole, word: number)
            }
            pieces.append(
                found, Int(word.scalars[start])..<Int(word.scalars[end - 1]) + 1, word: number)
            start = end
        }
    }
}
