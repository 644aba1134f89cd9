/// What is done to the tokens of a text after it was cut: offsets are trimmed, special tokens put around.
struct PostProcessor: Sendable, Equatable {
    var template: Template
    /// How offsets leave out the spaces that tokens hold; `nil` where they do not.
    var trimming: Trimming?

    /// `trim_offsets` of byte-level tokenizers, whose tokens carry the space before a word.
    struct Trimming: Sendable, Equatable {
        /// Whether a single space that begins a text was put there by the tokenizer.
        var addsPrefixSpace: Bool
    }

    func assemble(_ first: Pieces, _ second: Pieces?) -> Encoding {
        guard let trimming else { return template.assemble(first, second) }
        return template.assemble(trimming.applied(to: first), second.map(trimming.applied))
    }
}

extension PostProcessor.Trimming {
    func applied(to pieces: Pieces) -> Pieces {
        var result = pieces
        for (i, margins) in pieces.margins.enumerated() where margins != Pieces.Margins() {
            var (start, end) = (pieces.offsets[i].lowerBound, pieces.offsets[i].upperBound)
            let isOwn = addsPrefixSpace && margins.leading == 1 && (i == 0 || start == 0)
            if !isOwn { start = min(start + Int(margins.leading), end) }
            if end >= Int(margins.trailing) { end = max(end - Int(margins.trailing), start) }
            result.offsets[i] = start..<end
        }
        return result
    }
}
