/// Draws the answers that are worth a label: some by plain lot, to see how good the model is, others by a lot that
/// favours doubt, to teach it.
///
/// Every answer has two tickets in [0, 1). The *audit* takes those with the smallest first tickets: each with the same
/// chance, so its labels may speak for all. The *doubt* lot takes those with the smallest ticket/doubt: sequential
/// Poisson sampling, in which an answer is drawn with a chance in proportion to its doubt,
///
///     πᵢ = min(1, c · doubtᵢ)        Σ πᵢ = the size of the lot
///
/// Both lots may be stopped anywhere: what was drawn first is a smaller sample of the same kind. They come in
/// turn, so that a person who stops early has labelled of both.
///
/// Source: Ohlsson, *Sequential Poisson sampling*, Journal of Official Statistics 14 (1998); doubt as the margin
/// between the two likeliest classes: Settles, *Active learning literature survey* (2009).
public struct LabelLottery: Sendable, Hashable {
    /// The share of the draws that is by plain lot, in [0, 1].
    public var auditShare: Double

    public init(auditShare: Double = 0.5) {
        precondition(auditShare >= 0 && auditShare <= 1, "a share must lie in [0, 1], not \(auditShare)")
        self.auditShare = auditShare
    }

    /// An answer that may be drawn.
    public struct Ticket: Sendable, Hashable {
        public var audit: Double
        public var doubt: Double
        /// Its chance in the second lot, relative to the others': above 0, at most 1.
        public var weight: Double

        /// - Parameters:
        ///   - audit: uniform in [0, 1).
        ///   - doubt: likewise, and independent of the first.
        ///   - probabilities: what the model gave each class.
        public init(audit: Double, doubt: Double, probabilities: [Double]) {
            let sorted = probabilities.filter(\.isFinite).sorted(by: >)
            let margin = sorted.count > 1 ? sorted[0] - sorted[1] : 1
            self.audit = audit
            self.doubt = doubt
            // Nobody is left without a chance: only then can what was drawn be weighted back.
            weight = min(1, max(0.01, 1 - margin))
        }
    }

    /// A drawn answer.
    public struct Draw: Sendable, Hashable {
        public enum Lot: String, Sendable, Hashable, Codable {
            case audit, doubt
        }
        /// Its place among the tickets.
        public var place: Int
        public var lot: Lot
        /// The chance with which an answer like this is drawn by one of the lots or both, in (0, 1].
        public var propensity: Double
    }

    /// Draws so many answers, or all there are; the same tickets give the same draws.
    public func draw(_ count: Int, from tickets: [Ticket]) -> [Draw] {
        let count = min(max(0, count), tickets.count)
        guard count > 0 else { return [] }
        let audits = Int((Double(count) * auditShare).rounded())
        let audited = tickets.indices.sorted { tickets[$0].audit < tickets[$1].audit }.prefix(audits)
        let chosen = Set(audited)
        // What the audit took needs no second label; the chance of the second lot is not changed by it.
        let doubted = tickets.indices.sorted {
            tickets[$0].doubt / tickets[$0].weight < tickets[$1].doubt / tickets[$1].weight
        }.filter { !chosen.contains($0) }.prefix(count - audits)
        let rate = Double(audits) / Double(tickets.count)
        let chances = Self.chances(tickets.map(\.weight), size: count - audits)
        func draw(_ place: Int, _ lot: Draw.Lot) -> Draw {
            Draw(place: place, lot: lot, propensity: 1 - (1 - rate) * (1 - chances[place]))
        }
        return Self.inTurn(audited.map { draw($0, .audit) }, doubted.map { draw($0, .doubt) })
    }

    /// πᵢ = min(1, c · wᵢ) with the c that makes their sum the size.
    static func chances(_ weights: [Double], size: Int) -> [Double] {
        guard size > 0 else { return weights.map { _ in 0 } }
        guard size < weights.count else { return weights.map { _ in 1 } }
        // Who is certain to be drawn leaves the rest to the others, until nobody more is.
        let sorted = weights.sorted(by: >)
        var sum = sorted.reduce(0, +)
        var certain = 0
        while certain < size, Double(size - certain) * sorted[certain] >= sum {
            sum -= sorted[certain]
            certain += 1
        }
        let factor = Double(size - certain) / sum
        let least = certain > 0 ? sorted[certain - 1] : .infinity
        return weights.map { $0 >= least ? 1 : min(1, factor * $0) }
    }

    /// Both in turn, each spread evenly over the whole.
    private static func inTurn(_ first: [Draw], _ second: [Draw]) -> [Draw] {
        let placed =
            first.enumerated().map { (Double($0) / Double(first.count), $1) }
            + second.enumerated().map { ((Double($0) + 0.5) / Double(second.count), $1) }
        return placed.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
