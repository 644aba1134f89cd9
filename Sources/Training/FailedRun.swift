import Foundation

extension FineTuningResult {
    /// Whether the training learned nothing: on the development rows it is right no more often than whoever names the
    /// most frequent class always, and its probabilities say no more than the classes' shares q do,
    ///
    ///     accuracy ≤ max q + 0.02        loss ≥ 0.95 · H,   H = −Σ q ln q nats
    ///
    /// Both, for where one class is nearly all a good model too is hardly better by its right answers. Such runs
    /// are bad luck of the seed (gradients that vanish in the first steps) and not of the data: another seed mends
    /// them. With fewer than thirty rows nothing is said.
    ///
    /// Source: Mosbach et al., *On the stability of fine-tuning BERT*,
    /// [arXiv:2006.04884](https://arxiv.org/abs/2006.04884).
    ///
    /// - Parameter labels: of the development rows.
    public func learnedNothing(development labels: [String]) -> Bool {
        guard labels.count >= 30 else { return false }
        let shares = Dictionary(grouping: labels) { $0 }.values.map {
            Double($0.count) / Double(labels.count)
        }.sorted()
        guard let majority = shares.max(), majority < 1 else { return false }
        let entropy = shares.reduce(0) { $0 - $1 * Foundation.log($1) }
        return !developmentLoss.isFinite
            || developmentAccuracy <= majority + 0.02 && developmentLoss >= 0.95 * entropy
    }
}
