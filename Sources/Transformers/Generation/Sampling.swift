/// How the next token is chosen among all: names and order of the steps are those of `transformers`
/// (<https://huggingface.co/docs/transformers/internal/generation_utils>).
public struct Sampling: Sendable, Codable, Equatable {
    /// Whether a token is drawn; otherwise the most probable one is taken.
    public var isSampling = false
    /// Logits are divided by it: below 1 the probable becomes more so.
    public var temperature: Float = 1
    /// Only so many of the most probable tokens are drawn from; 0 for all.
    public var topK = 0
    /// Only the most probable tokens are drawn from that together have this probability; 1 for all.
    public var topP: Float = 1
    /// What the text has already is made less probable: above 1. Source: Keskar et al.,
    /// [arXiv:1909.05858](https://arxiv.org/abs/1909.05858), section 4.1.
    public var repetitionPenalty: Float = 1

    public init() {}

    enum CodingKeys: String, CodingKey {
        case isSampling = "do_sample"
        case temperature
        case topK = "top_k"
        case topP = "top_p"
        case repetitionPenalty = "repetition_penalty"
    }

    /// The first argument that makes no sense, and what it must be.
    public var problem: String? {
        if !(temperature > 0 && temperature.isFinite) { return "temperature must be above 0" }
        if topK < 0 { return "top_k must be 0 (all) or more" }
        if !(topP > 0 && topP <= 1) { return "top_p must be above 0, up to 1" }
        if !(repetitionPenalty > 0 && repetitionPenalty.isFinite) {
            return "repetition_penalty must be above 0"
        }
        return nil
    }

    /// What the choice is made of: −∞ for tokens that are out.
    ///
    /// - Parameter text: the tokens so far, the prompt's included.
    package func scores(_ logits: [Float], text: [Int32]) -> [Float] {
        var scores = logits
        if repetitionPenalty != 1 {
            for id in Set(text) {
                let score = scores[Int(id)]
                scores[Int(id)] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty
            }
        }
        guard isSampling else { return scores }
        if temperature != 1 { scores = scores.map { $0 / temperature } }
        if topK > 0, topK < scores.count {
            let least = scores.sorted(by: >)[topK - 1]
            scores = scores.map { $0 < least ? -.infinity : $0 }
        }
        if topP < 1 { dropImprobable(&scores) }
        return scores
    }

    /// Leaves the smallest set of tokens whose probability reaches `topP`.
    private func dropImprobable(_ scores: inout [Float]) {
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        let probabilities = Self.probabilities(scores)
        var below = 0.0
        // From the least probable up, and the most probable one stays in any case.
        for index in order.dropLast() {
            below += probabilities[index]
            guard below <= 1 - Double(topP) else { return }
            scores[index] = -.infinity
        }
    }

    static func probabilities(_ scores: [Float]) -> [Double] {
        let top = Double(scores.max() ?? 0)
        let weights = scores.map { exponential(Double($0) - top) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    /// - Parameter uniform: a random number from 0 to below 1; greedy choice needs none.
    package func choice(_ scores: [Float], uniform: Double) -> Int32 {
        guard isSampling else {
            return Int32(
                scores.indices.max { scores[$0] < scores[$1] || scores[$0] == scores[$1] && $0 > $1 } ?? 0)
        }
        let probabilities = Self.probabilities(scores)
        var left = uniform
        for (index, probability) in probabilities.enumerated() where probability > 0 {
            left -= probability
            if left < 0 { return Int32(index) }
        }
        return Int32(probabilities.lastIndex { $0 > 0 } ?? 0)
    }
}
