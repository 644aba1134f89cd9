import Drift

/// What a version would have lost on a row that another version answered.
///
/// Where it answered the row itself, or unseen beside the live version, that is known. Elsewhere its newest 500
/// known rows are taken to come again, one after the other, after an alarm those since the change; before its
/// first row, its first 500; and where it never answered any, mistakes at the rate that it promised.
struct SimulatedAnswers {
    enum Answer: Equatable {
        case known(Double)
        /// - Parameter range: the Wilson interval at 95 % of the mean loss that the assumption rests on.
        case assumed(Double, range: ClosedRange<Double>)
    }

    private static let window = 500
    /// Fewer rows since a change say too little.
    private static let fewestRows = 20

    private var memories: [Int: Memory] = [:]

    /// What one version is known to have lost, by the place of the row in the history.
    private struct Memory {
        var known: [(place: Int, row: Int64, loss: Double)] = []
        var reference: Reference?
        var basis: Basis?
        var drawn = 0

        mutating func answer(at place: Int, since change: Int64?) -> Answer {
            let before = known.partitioningIndex { $0.place >= place }
            if before < known.count, known[before].place == place { return .known(known[before].loss) }
            let basis =
                basis.flatMap { $0.known == before && $0.change == change ? $0 : nil }
                ?? Basis(known: before, change: change, losses: losses(before, change))
            self.basis = basis
            defer { drawn += 1 }
            return .assumed(basis.losses[drawn % basis.losses.count], range: basis.range)
        }

        private func losses(_ before: Int, _ change: Int64?) -> [Double] {
            let rows =
                before > 0
                ? known[max(0, before - SimulatedAnswers.window)..<before]
                : known.prefix(SimulatedAnswers.window)
            let changed = rows.filter { $0.row >= change ?? .max }
            if changed.count >= SimulatedAnswers.fewestRows { return changed.map(\.loss) }
            if !rows.isEmpty { return rows.map(\.loss) }
            guard let reference, reference.count > 0 else { return [0] }
            // As many mistakes as it promised, evenly among the rows.
            return (0..<reference.count).map {
                Double(
                    ($0 + 1) * reference.errors / reference.count - $0 * reference.errors / reference.count)
            }
        }
    }

    /// The losses that come again, and how many rows were known when they were chosen.
    private struct Basis {
        let known: Int
        let change: Int64?
        let losses: [Double]
        let range: ClosedRange<Double>

        init(known: Int, change: Int64?, losses: [Double]) {
            self.known = known
            self.change = change
            self.losses = losses
            let errors = Int(losses.reduce(0, +).rounded())
            range = wilson(errors, of: losses.count, confidence: 0.95)
        }
    }

    init(_ history: PolicyHistory) {
        for (version, reference) in history.references {
            memories[version, default: Memory()].reference = reference
        }
        for (place, row) in history.rows.enumerated() where row.isRepresentative {
            memories[row.version, default: Memory()].known.append((place, row.exampleID, row.loss))
        }
        guard !history.unseen.isEmpty else { return }
        let places = Dictionary(
            history.rows.enumerated().map { ($1.exampleID, $0) }, uniquingKeysWith: { first, _ in first })
        for (version, losses) in history.unseen {
            let unseen = losses.compactMap { id, loss in
                places[id].flatMap { history.rows[$0].version == version ? nil : ($0, id, loss) }
            }
            memories[version, default: Memory()].known.append(contentsOf: unseen)
            memories[version]?.known.sort { $0.place < $1.place }
        }
    }

    /// - Parameters:
    ///   - place: of the row in the history.
    ///   - change: the first row after the change that made the version worse, where one is known.
    mutating func answer(of version: Int, at place: Int, since change: Int64?) -> Answer {
        memories[version, default: Memory()].answer(at: place, since: change)
    }
}
