import Tensors
import Tokenizers
import Transformers

/// What is learned from text that nobody labelled.
package enum LanguageObjective: Sendable {
    /// What stands behind masks.
    case masked(Masking)
    /// Which token comes next.
    case causal

    /// Sequences, and what is asked of them.
    ///
    /// - Parameter random: of the masks.
    func lesson(_ sequences: [Encoding], using random: inout Philox) -> Lesson {
        switch self {
        case .causal:
            return Lesson(
                batch: TokenBatch(sequences), asked: nil,
                truths: sequences.flatMap { $0.ids.dropFirst() + [-1] })
        case .masked(let masking):
            var (read, asked, truths): ([Encoding], [Int], [Int32]) = ([], [], [])
            var start = 0
            for var sequence in sequences {
                let masked = masking.masked(sequence, using: &random)
                asked += masked.asked.map { start + $0 }
                truths += masked.truths
                start += sequence.ids.count
                sequence.ids = masked.ids
                read.append(sequence)
            }
            return Lesson(batch: TokenBatch(read), asked: asked, truths: truths)
        }
    }
}

/// A batch, and what is true of it.
package struct Lesson: Sendable {
    let batch: TokenBatch
    /// The places that are asked for; `nil` for all.
    let asked: [Int]?
    /// Of each place that is asked for, the token that is right; −1 for none.
    let truths: [Int32]

    var questions: Int { truths.count { $0 >= 0 } }

    /// −log of the probabilities of what is right, all together, in nats.
    func loss(_ model: some Network, precision: Precision) -> Double {
        var pass = Pass(batch, precision: precision)
        pass.asked = asked
        return NextTokenCrossEntropy.lossAndGradient(model.forward(pass).logits, next: truths).losses.reduce(
            0, +)
    }
}
