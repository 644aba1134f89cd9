/// Which remedy comes next: the cheapest first, and none dearer than it takes.
///
/// Every rung goes through the same gate. A rung below the last must also give back all that was
/// lost, or the next is tried: a cheap remedy that mends half must not keep the dear one from
/// mending the whole. If all that come after it fail, the half is taken after all.
public struct RemedyLadder: Sendable, Hashable, Codable {
    /// The rungs that may be tried; their order is that of `Remedy`.
    public var rungs: Set<Remedy> = [.temperature, .prior, .archive, .head, .full]
    /// The part of the rows that changed their class, from which on their shares are worth correcting.
    public var classShift = 0.1
    /// The fall below the promise that still counts as restored, a share.
    public var tolerance = 0.01
    /// Rows without which nothing is said about a candidate before the gate has seen it.
    public var minimumRows = 30

    public init() {}

    /// What the choice depends on beside what was tried.
    public struct Facts: Sendable, Hashable, Codable {
        public var lost: Loss
        /// The total variation distance of the classes' shares, before and since the change, 0…1.
        public var classShift: Double
        /// Earlier versions that could take over.
        public var archivedVersions: Int
        /// The rung that an operator wants, and no other.
        public var forced: Remedy?
        /// Rungs that have no meaning for what the model does.
        public var meaningless: Set<Remedy>

        public init(
            lost: Loss, classShift: Double, archivedVersions: Int, forced: Remedy? = nil,
            meaningless: Set<Remedy> = []
        ) {
            self.lost = lost
            self.classShift = classShift
            self.archivedVersions = archivedVersions
            self.forced = forced
            self.meaningless = meaningless
        }
    }

    /// What to do next.
    public enum Step: Sendable, Hashable {
        /// - Parameter isLast: whether the gate alone decides about it.
        case attempt(Remedy, isLast: Bool)
        /// Take what mended a part.
        case settle(Remedy)
        /// Nothing is left, or nothing is left to do.
        case stop
    }

    /// The next step; the same history always gives the same one.
    public func next(after attempts: [RemedyAttempt], _ facts: Facts) -> Step {
        if attempts.last?.outcome == .promoted { return .stop }
        let tried = attempts.map(\.remedy).max()
        let left = applicable(facts).filter { remedy in tried.map { remedy > $0 } ?? true }
        if let next = left.first { return .attempt(next, isLast: left.count == 1) }
        // The dearest of those that mended a part had the most to learn from.
        return attempts.last { $0.outcome == .partial }.map { .settle($0.remedy) } ?? .stop
    }

    /// The rungs that could give back what was lost, from cheap to dear.
    public func applicable(_ facts: Facts) -> [Remedy] {
        if let forced = facts.forced { return [forced] }
        let rungs = rungs.subtracting(facts.meaningless)
        switch facts.lost {
        case .nothing:
            // There is no telling when a refresh is enough, so the one that learns the most is taken.
            return [rungs.filter { $0.isTraining && $0 != .base }.max() ?? rungs.max() ?? .full]
        case .calibration:
            return rungs.contains(.temperature) ? [.temperature] : []
        case .accuracy:
            return rungs.sorted().filter { remedy in
                switch remedy {
                case .temperature: false
                case .prior: facts.classShift >= classShift
                case .archive: facts.archivedVersions > 0
                case .head, .lora, .full, .base: true
                }
            }
        }
    }

    /// Whether so many right answers give back what was lost.
    public func restores(_ correct: Int, of count: Int, lost: Loss) -> Bool {
        guard case .accuracy(let promised) = lost else { return true }
        return count > 0 && Double(correct) / Double(count) >= promised - tolerance
    }

    /// Whether so many right answers show that the gate need not be asked: one standard error above
    /// them still falls short of what was lost. A look at the rows that choose spares the gate one at the rows
    /// that judge, of which each makes the next claim harder to prove.
    public func isHopeless(_ correct: Int, of count: Int, lost: Loss) -> Bool {
        guard case .accuracy(let promised) = lost, count >= minimumRows else { return false }
        let share = Double(correct) / Double(count)
        let error = (share * (1 - share) / Double(count)).squareRoot()
        return share + error < promised - tolerance
    }
}
