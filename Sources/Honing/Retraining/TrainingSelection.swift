import Corpus
import Store

/// Which rows a run learns from: what is new, and enough of what is old not to forget it.
///
/// New rows that are a different domain overwrite what the model knew unless old rows are replayed
/// beside them. Experience replay is the plainest remedy and a hard one to beat (Chaudhry et al.,
/// <https://arxiv.org/abs/1902.10486>); half and half is where neither side is lost.
struct TrainingSelection: Sendable, Equatable {
    var training: [StoredExample]
    var development: [StoredExample]
    /// How many of the training rows are replayed.
    var replayed: Int

    struct Settings: Sendable, Equatable {
        /// The share of replayed rows in training, in [0, 1).
        var replayShare = 0.5
        var maximumRows = 20_000
        /// So many rows of each class are replayed at least, where there are so many.
        var minimumPerClass = 20
    }

    /// - Parameters:
    ///   - new: rows since the change, oldest first, of any split.
    ///   - old: rows before it, likewise.
    ///   - seed: two runs with the same seed replay the same rows.
    init(new: [StoredExample], old: [StoredExample], settings: Settings, seed: UInt64) {
        let room = Int(Double(settings.maximumRows) * (1 - settings.replayShare))
        let fresh = new.filter { $0.split == .train }.suffix(max(1, room))
        let share = settings.replayShare
        let wanted = share == 0 ? 0 : Int((Double(fresh.count) * share / (1 - share)).rounded())
        let memory = Self.replay(
            old.filter { $0.split == .train }, count: wanted, perClass: settings.minimumPerClass, seed: seed)
        let freshDevelopment = new.filter { $0.split == .development }
        let oldDevelopment = Self.replay(
            old.filter { $0.split == .development }, count: freshDevelopment.count, perClass: 0, seed: seed)
        training = fresh + memory
        development = freshDevelopment + oldDevelopment
        replayed = memory.count
    }

    /// A sample without replacement that keeps the classes' proportions, and at least `perClass` of each.
    private static func replay(
        _ rows: [StoredExample], count: Int, perClass: Int, seed: UInt64
    ) -> [StoredExample] {
        guard count > 0, !rows.isEmpty else { return [] }
        let classes = Dictionary(grouping: rows, by: \.label).sorted { $0.key < $1.key }
        return classes.flatMap { _, members -> ArraySlice<StoredExample> in
            let proportional = Int((Double(count) * Double(members.count) / Double(rows.count)).rounded())
            return shuffled(members, seed: seed).prefix(max(proportional, perClass))
        }
    }

    /// An order that depends on the rows' content and the seed alone, not on when they came in.
    private static func shuffled(_ rows: [StoredExample], seed: UInt64) -> [StoredExample] {
        rows.map { (mix($0.contentHash, seed), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// FNV-1a over the hash's digits, begun at the seed.
    private static func mix(_ hash: String, _ seed: UInt64) -> UInt64 {
        hash.utf8.reduce(0xcbf2_9ce4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
