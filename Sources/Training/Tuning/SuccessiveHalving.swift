/// Which candidates go on, and on how many rows: all begin on few, of whom a third goes on to three times as many,
/// until the last few learn of all.
///
/// Source: Jamieson and Talwalkar, *Non-stochastic best arm identification and hyperparameter optimization*,
/// [arXiv:1502.07943](https://arxiv.org/abs/1502.07943). There a budget is counted in trials; here it is time, of
/// which each rung has the same share, so that the first rung takes in as many candidates as its share holds.
public struct SuccessiveHalving: Sendable, Equatable {
    /// How much more each rung gives to how many fewer.
    public var factor = 3
    /// Rungs, the first on the fewest rows.
    public var rungs = 3

    public init() {}

    /// How a candidate did on one rung.
    public struct Trial: Codable, Sendable, Equatable {
        /// Of the candidate, from 0.
        public var number: Int
        /// From 0.
        public var rung: Int
        /// Rows that it learned of.
        public var rows: Int
        public var arguments: TrainingArguments
        /// The share of the rows that are there to be replayed; `nil` where none are.
        public var replayShare: Double?
        /// The headline metric on the development rows.
        public var headline: Double
        /// On the development rows, in nats; `nil` where it learned nothing that could be weighed, or had no time
        /// to end.
        public var loss: Double?
        public var seconds: Double

        public init(
            number: Int, rung: Int, rows: Int, arguments: TrainingArguments, replayShare: Double? = nil,
            headline: Double = 0, loss: Double? = nil, seconds: Double
        ) {
            self.number = number
            self.rung = rung
            self.rows = rows
            self.arguments = arguments
            self.replayShare = replayShare
            self.headline = headline
            self.loss = loss
            self.seconds = seconds
        }

        /// What it is weighed by: less is better, and of two that are equal the one that was drawn first.
        fileprivate static func isBetter(_ a: Trial, _ b: Trial) -> Bool {
            (a.loss ?? .infinity, a.number) < (b.loss ?? .infinity, b.number)
        }
    }

    /// What is to be done next.
    public enum Step: Sendable, Equatable {
        case tries(number: Int, rung: Int)
        case ends
    }

    /// The rows of a rung; the last one has all.
    public func rows(of rung: Int, of all: Int) -> Int {
        var count = all
        for _ in rung..<max(rung, rungs - 1) { count = (count + factor - 1) / factor }
        return count
    }

    /// The next trial.
    ///
    /// - Parameters:
    ///   - done: all trials so far, in their order.
    ///   - budget: of the whole search, in seconds.
    ///   - candidates: the most that are taken in.
    public func next(after done: [Trial], budget: Double, candidates: Int) -> Step {
        let spent = done.reduce(0) { $0 + $1.seconds }
        for rung in 0..<rungs {
            let here = done.filter { $0.rung == rung }
            if rung == 0 {
                // The share of the first rung, or as many as it takes for one to be left at the end.
                let cost = here.map(\.seconds).max() ?? 0
                let hasRoom = spent + cost <= budget / Double(rungs) || here.count < factor
                let isOpen = !done.contains { $0.rung > 0 }
                if isOpen, hasRoom, here.count < candidates { return .tries(number: here.count, rung: 0) }
                continue
            }
            let waiting = survivors(of: rung - 1, done).filter { number in
                !here.contains { $0.number == number }
            }
            guard let number = waiting.first else { continue }
            // Three times as many rows take three times as long; who cannot end in time does not begin.
            let before = done.last { $0.number == number && $0.rung == rung - 1 }?.seconds ?? 0
            guard spent + before * Double(factor) <= budget else { return .ends }
            return .tries(number: number, rung: rung)
        }
        return .ends
    }

    /// Who goes on after a rung, the best first. The start, number 0, always does: what is found is to be
    /// compared with it on the same rows.
    func survivors(of rung: Int, _ done: [Trial]) -> [Int] {
        let order = done.filter { $0.rung == rung }.sorted(by: Trial.isBetter)
        let best = order.prefix(max(1, order.count / factor)).filter { $0.loss != nil }.map(\.number)
        return best.contains(0) || !order.contains { $0.number == 0 } ? best : best + [0]
    }

    /// The best trial of the highest rung that has any.
    public func best(of done: [Trial]) -> Trial? {
        let weighed = done.filter { $0.loss != nil }
        let top = weighed.map(\.rung).max()
        return weighed.filter { $0.rung == top }.min(by: Trial.isBetter)
    }
}
