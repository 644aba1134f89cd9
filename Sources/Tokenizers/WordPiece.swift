/// BERT's tokenizer: words, then the longest pieces of them that the vocabulary holds.
///
/// Source: Wu et al., [arXiv:1609.08144](https://arxiv.org/abs/1609.08144), section 4.1.
public struct WordPiece: Tokenizer {
    public let vocabulary: Vocabulary
    let splitter: WordSplitter
    let template: Template
    /// Tokens that are found in the text as it came, such as `[SEP]`.
    let addedTokens: AddedVocabulary
    /// Tokens that are found in the normalized text.
    let normalizedTokens: AddedVocabulary
    let specialIDs: Set<Int32>
    let unknown: Int32
    /// In scalars; a longer word is unknown.
    let maximumWordLength: Int
    let continuingPrefix: String

    public func encode(_ text: String, pair: String?, maximumLength: Int) -> Encoding {
        var first = pieces(of: text)
        var second = pair.map { pieces(of: $0) }
        let room = max(0, maximumLength - template.specialCount(isPair: pair != nil))
        let isTruncated = Template.truncate(&first, &second, to: room)
        var encoding = template.assemble(first, second)
        encoding.isTruncated = isTruncated
        encoding.unknownCount = encoding.ids.reduce(0) { $0 + ($1 == unknown ? 1 : 0) }
        return encoding
    }

    public func decode(_ ids: [Int32]) -> String {
        var text = ""
        for id in ids where !specialIDs.contains(id) && vocabulary.tokens.indices.contains(Int(id)) {
            let token = vocabulary.tokens[Int(id)]
            if token.hasPrefix(continuingPrefix), !text.isEmpty {
                text += token.dropFirst(continuingPrefix.count)
            } else {
                text += (text.isEmpty ? "" : " ") + token
            }
        }
        return text
    }

    /// The tokens of one text, without special ones around it.
    private func pieces(of text: String) -> Pieces {
        var text = text
        return text.withUTF8 { bytes in
            var pieces = Pieces()
            pieces.reserve(bytes.count / 4)
            var hashes: [UInt64] = []
            var (position, scalar) = (0, 0)
            unsafe addedTokens.split(bytes) { part, id in
                // A token may begin in the white space that the one before it took in.
                scalar +=
                    unsafe position <= part.lowerBound
                    ? UTF8Scalars.count(bytes[position..<part.lowerBound])
                    : -UTF8Scalars.count(bytes[part.lowerBound..<position])
                position = part.lowerBound
                if let id {
                    pieces.append(id, unsafe scalar..<scalar + UTF8Scalars.count(bytes[part]))
                } else {
                    unsafe words(UnsafeBufferPointer(rebasing: bytes[part]), scalar, &pieces, &hashes)
                }
            }
            return pieces
        }
    }

    /// The tokens of a part of a text that holds none of `addedTokens`.
    private func words(
        _ part: UnsafeBufferPointer<UInt8>, _ first: Int, _ pieces: inout Pieces, _ hashes: inout [UInt64]
    ) {
        let normalizer = splitter.normalizer
        guard unsafe !normalizedTokens.isEmpty || normalizer.reorders(part) else {
            return unsafe splitter.split(part, first: first) { word in append(word, &pieces, &hashes) }
        }
        let text = unsafe normalizer.normalized(part, first: first)
        unsafe text.bytes.withUnsafeBufferPointer { bytes in
            unsafe normalizedTokens.split(bytes) { part, id in
                if let id {
                    pieces.append(id, text.origin(of: part))
                } else {
                    splitter.split(text, part) { word in append(word, &pieces, &hashes) }
                }
            }
        }
    }

    /// Cuts one word into its longest known pieces, or into one unknown.
    private func append(_ word: borrowing WordSplitter.Word, _ pieces: inout Pieces, _ hashes: inout [UInt64])
    {
        let count = word.bytes.count
        let whole = Int(word.scalars[0])..<Int(word.scalars[count - 1]) + 1
        let length =
            count <= maximumWordLength ? count : word.bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
        guard length <= maximumWordLength else { return pieces.append(unknown, whole) }
        let mark = pieces.ids.count
        var start = 0
        while start < count {
            hashes.removeAll(keepingCapacity: true)
            var hash = Vocabulary.emptyHash
            for i in start..<count {
                hash = Vocabulary.hash(hash, word.bytes[i])
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
                return pieces.append(unknown, whole)
            }
            pieces.append(found, Int(word.scalars[start])..<Int(word.scalars[end - 1]) + 1)
            start = end
        }
    }
}

/// Tokens and where they came from, before special ones are put around them.
struct Pieces {
    var ids: [Int32] = []
    var offsets: [Range<Int>] = []

    mutating func reserve(_ count: Int) {
        ids.reserveCapacity(count)
        offsets.reserveCapacity(count)
    }

    mutating func append(_ id: Int32, _ range: Range<Int>) {
        ids.append(id)
        offsets.append(range)
    }

    mutating func truncate(to count: Int) {
        guard ids.count > count else { return }
        ids.removeLast(ids.count - count)
        offsets.removeLast(offsets.count - count)
    }
}
