/// A tokenizer that cuts one text into pieces; pairs, limits, windows and decoding are the same for all.
protocol PieceTokenizer: Tokenizer {
    var postProcessor: PostProcessor { get }
    var decoder: TokenDecoder { get }
    /// The id of what the vocabulary does not know.
    var unknown: Int32? { get }

    /// The tokens of one text, without special ones around it.
    func pieces(of text: String) -> Pieces
}

extension PieceTokenizer {
    public func encode(_ text: String, pair: String?, maximumLength: Int) -> Encoding {
        var first = pieces(of: text)
        var second = pair.map { pieces(of: $0) }
        let specialCount = postProcessor.template.specialCount(isPair: pair != nil)
        let room = max(0, maximumLength - specialCount)
        let count = first.count + (second?.count ?? 0)
        if let other = second {
            let lengths = Truncation.lengths(first.count, other.count, room: room)
            first.truncate(to: lengths.0)
            second?.truncate(to: lengths.1)
        } else {
            first.truncate(to: room)
        }
        return finished(postProcessor.assemble(first, second), isTruncated: count > room)
    }

    public func windows(
        _ text: String, pair: String?, truncation: Truncation
    ) throws(TruncationError) -> [Encoding] {
        // As much as any window holds; what cannot work for a long text is refused for a short one too.
        let room = truncation.maximumLength - postProcessor.template.specialCount(isPair: false)
        guard truncation.stride >= 0, truncation.stride < room else {
            throw .stride(truncation.stride, room: max(0, room))
        }
        let first = pieces(of: text)
        let second = pair.map { pieces(of: $0) }
        let specialCount = postProcessor.template.specialCount(isPair: pair != nil)
        let (a, b) = try truncation.lengths(first.count, second?.count, specialCount: specialCount)
        let firsts = try truncation.windows(of: first.count, length: a).map { first[$0] }
        // Not how many windows there are: one that a limit leaves by itself has lost what follows.
        let isTruncated = a < first.count || b ?? 0 < second?.count ?? 0
        guard let second, let b else {
            return firsts.map { finished(postProcessor.assemble($0, nil), isTruncated: isTruncated) }
        }
        let seconds = try truncation.windows(of: second.count, length: b).map { second[$0] }
        // The first window, then all others of the first text, and last those that begin with its first.
        var pairs = [(firsts[0], seconds[0])]
        for first in firsts.dropFirst() { pairs += seconds.map { (first, $0) } }
        pairs += seconds.dropFirst().map { (firsts[0], $0) }
        return pairs.prefix(truncation.limit).map {
            finished(postProcessor.assemble($0.0, $0.1), isTruncated: isTruncated)
        }
    }

    public func textStream(skipsSpecial: Bool) -> TextStream {
        TextStream(decoder, vocabulary.tokens, skipped: skipsSpecial ? specialIDs : [])
    }

    private func finished(_ encoding: Encoding, isTruncated: Bool) -> Encoding {
        var encoding = encoding
        encoding.isTruncated = isTruncated
        if let unknown { encoding.unknownCount = encoding.ids.reduce(0) { $0 + ($1 == unknown ? 1 : 0) } }
        return encoding
    }
}
