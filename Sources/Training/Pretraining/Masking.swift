package import Tensors
package import Tokenizers

/// Hides some tokens of a sequence and asks what they were.
///
/// Of all tokens 15 % are asked for; of those 80 % read `[MASK]`, 10 % another token of the vocabulary, and 10 %
/// what they are, for the network not to know which ones are asked for. With `wholeWords` all tokens of a word are asked
/// for or none.
///
/// Source: Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805), section 3.1 and appendix A.1;
/// whole words and the rounding as in `create_pretraining_data.py` of their
/// [program](https://github.com/google-research/bert).
package struct Masking: Sendable {
    package var share = 0.15
    package var wholeWords = false
    let maskID: Int32
    let vocabularySize: Int
    /// Are never asked for.
    let specialIDs: Set<Int32>

    /// - Returns: `nil` for a tokenizer that has no token for a mask.
    package init?(_ tokenizer: any Tokenizer) {
        guard let mask = ["[MASK]", "<mask>"].lazy.compactMap(tokenizer.vocabulary.id).first else {
            return nil
        }
        maskID = mask
        vocabularySize = tokenizer.vocabulary.count
        specialIDs = tokenizer.specialIDs.union([mask])
    }

    /// - Returns: what the network reads, the places that are asked for in rising order, and what stood there.
    package func masked(
        _ sequence: Encoding, using random: inout Philox
    ) -> (ids: [Int32], asked: [Int], truths: [Int32]) {
        let candidates = candidates(sequence)
        let count = candidates.reduce(0) { $0 + $1.count }
        let wanted = count == 0 ? 0 : max(1, Int((Double(count) * share).rounded()))
        var asked: [Int] = []
        for word in candidates.shuffled(using: &random) where asked.count + word.count <= wanted {
            asked += word
        }
        // A text of one long word has no group that fits.
        if asked.isEmpty, let first = candidates.first { asked = Array(first) }
        asked.sort()
        var ids = sequence.ids
        for place in asked {
            switch Double.random(in: 0..<1, using: &random) {
            case ..<0.8: ids[place] = maskID
            case ..<0.9: ids[place] = Int32(Int.random(in: 0..<vocabularySize, using: &random))
            default: break
            }
        }
        return (ids, asked, asked.map { sequence.ids[$0] })
    }

    /// What is asked for together.
    private func candidates(_ sequence: Encoding) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        for (place, id) in sequence.ids.enumerated() where !specialIDs.contains(id) {
            if wholeWords, let group = groups.last, group.upperBound == place,
                sequence.wordIDs[place] >= 0, sequence.wordIDs[place] == sequence.wordIDs[place - 1]
            {
                groups[groups.count - 1] = group.lowerBound..<place + 1
            } else {
                groups.append(place..<place + 1)
            }
        }
        return groups
    }
}
