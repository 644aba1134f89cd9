package import Tokenizers
import Transformers

/// Fills sequences of one length with documents, one after the other, a separator between them: nothing is
/// padded, and only the last sequence of a block is shorter.
///
/// Source: the FULL-SENTENCES of Liu et al., [arXiv:1907.11692](https://arxiv.org/abs/1907.11692), section 4.2;
/// for decoders Radford et al., *Language Models are Unsupervised Multitask Learners* (2019).
package struct SequencePacking: Sendable {
    private let tokenizer: any Tokenizer
    /// In tokens, special ones included.
    package let length: Int
    /// Around each sequence: `[CLS]` and `[SEP]`; nothing for a decoder.
    private let (first, last): ([Int32], [Int32])
    /// Before each document: `[SEP]`, but not where a sequence begins, or the decoder's end of text.
    private let separator: [Int32]
    /// Of a decoder: a token is only read where it is the first, so the last of a sequence is the first of the next.
    private let overlap: Int

    /// Sequences that are shorter teach little and cost a separator and a mask all the same.
    private static let shortest = 8

    /// - Parameter endTokenID: of a decoder, what stands between documents; `nil` for an encoder.
    package init(_ tokenizer: any Tokenizer, length: Int, isDecoder: Bool, endTokenID: Int32?) {
        self.tokenizer = tokenizer
        self.length = length
        let probe = tokenizer.encode("a", pair: nil, maximumLength: 16)
        (first, last) =
            isDecoder
            ? ([], [])
            : (Array(probe.ids[..<probe.first.lowerBound]), Array(probe.ids[probe.first.upperBound...]))
        separator = isDecoder ? endTokenID.map { [$0] } ?? [] : last
        overlap = isDecoder ? 1 : 0
    }

    /// The sequences of a block.
    package func sequences(_ passages: [Passage]) -> [Encoding] {
        var all = Encoding()
        var words: Int32 = 0
        for passage in passages {
            if !passage.continues, overlap > 0 || !all.ids.isEmpty { append(separator, to: &all) }
            let encoding = tokenizer.encode(passage.text, pair: nil, maximumLength: 1 << 30)
            all.ids += encoding.ids[encoding.first]
            all.wordIDs += encoding.wordIDs[encoding.first].map { $0 + words }
            // No two neighbours are one word that were none before.
            words += (encoding.wordIDs.max() ?? 0) + 1
        }
        return cut(all)
    }

    private func cut(_ all: Encoding) -> [Encoding] {
        let room = length - first.count - last.count
        var sequences: [Encoding] = []
        var start = 0
        while all.ids.count - start > overlap {
            let end = min(start + room, all.ids.count)
            guard sequences.isEmpty || end - start >= Self.shortest else { break }
            var sequence = Encoding()
            append(first, to: &sequence)
            sequence.ids += all.ids[start..<end]
            sequence.wordIDs += all.wordIDs[start..<end]
            append(last, to: &sequence)
            sequence.typeIDs = [Int32](repeating: 0, count: sequence.ids.count)
            sequences.append(sequence)
            start = end - (end < all.ids.count ? overlap : 0)
        }
        return sequences
    }

    private func append(_ special: [Int32], to encoding: inout Encoding) {
        encoding.ids += special
        encoding.wordIDs += special.map { _ in -1 }
    }
}
