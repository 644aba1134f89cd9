import Corpus
import Logging
import Store

extension Retrainer {
    /// Waits until the task's rows that have come by now are scored: only then may a run learn from them.
    ///
    /// Who sends labels and orders a training in the next breath wants those labels learned. Where scoring
    /// does not get on, the run goes on without them.
    func letScoringCatchUp(of task: TaskKind) async throws {
        let (wanted, first) = try await store.scoringProgress(of: task)
        var scored = first
        while scored < wanted {
            let before = scored
            for _ in 0..<Self.looksWithoutProgress where scored == before {
                try await Task.sleep(for: .milliseconds(50))
                scored = try await store.scoringProgress(of: task).scored
            }
            guard scored > before else {
                log.warning("rows \(scored + 1) to \(wanted) are not scored yet and are not learned from")
                return
            }
        }
    }

    /// Two seconds without a newly scored row mean that none will come soon.
    private static var looksWithoutProgress: Int { 40 }
}
