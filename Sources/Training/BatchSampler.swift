import Tensors

/// Cuts rows into batches of similar length, in another order each epoch.
///
/// Rows of one length waste nothing of a token budget. Rows are shuffled, sorted within large groups
/// and cut; then the batches are shuffled. (Hugging Face's `group_by_length`, by tokens.)
public struct BatchSampler: Sendable {
    public let lengths: [Int]
    public let rowLimit: Int
    public let tokenLimit: Int
    public let seed: UInt64

    /// Rows that are sorted together: large enough to group, small enough to mix.
    private static let groupRows = 50

    public init(lengths: [Int], rowLimit: Int, tokenLimit: Int, seed: UInt64) {
        self.lengths = lengths
        self.rowLimit = max(1, rowLimit)
        self.tokenLimit = tokenLimit
        self.seed = seed
    }

    /// The batches of one epoch: every row once.
    public func batches(epoch: Int) -> [[Int]] {
        var random = Philox(seed: seed, stream: 1 << 62 | UInt64(epoch))
        let order = lengths.indices.shuffled(using: &random)
        var batches: [[Int]] = []
        let group = Self.groupRows * rowLimit
        for start in stride(from: 0, to: order.count, by: group) {
            let rows = order[start..<min(start + group, order.count)].sorted {
                (lengths[$0], $0) < (lengths[$1], $1)
            }
            batches += cut(rows)
        }
        return batches.shuffled(using: &random)
    }

    private func cut(_ rows: [Int]) -> [[Int]] {
        var batches: [[Int]] = []
        var batch: [Int] = []
        var tokens = 0
        for row in rows {
            if !batch.isEmpty, batch.count >= rowLimit || tokens + lengths[row] > tokenLimit {
                batches.append(batch)
                batch = []
                tokens = 0
            }
            batch.append(row)
            tokens += lengths[row]
        }
        if !batch.isEmpty { batches.append(batch) }
        return batches
    }
}
