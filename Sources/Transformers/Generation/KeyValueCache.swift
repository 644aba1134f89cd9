import Tensors

/// The keys and values of the tokens that a text has so far, of every block: what a new token looks at.
///
/// Rows keep the queries beside them. That is a third more memory, and lets attention read them as it
/// reads a whole text.
struct KeyValueCache: Sendable {
    /// Tokens so far.
    private(set) var length = 0
    /// Of each block, [capacity, 3d].
    private var blocks: [Matrix]

    init(blocks: Int, hiddenSize: Int, capacity: Int) {
        self.blocks = (0..<blocks).map { _ in Matrix(uninitializedRows: capacity, columns: 3 * hiddenSize) }
    }

    var capacity: Int { blocks.first?.rows ?? 0 }

    /// Appends the rows of new tokens in one block, and returns what they see: [count, d].
    mutating func context(_ qkv: Matrix, block: Int, heads: Int) -> Matrix {
        let (start, columns) = (length * qkv.columns, qkv.columns)
        precondition(length + qkv.rows <= capacity, "\(length + qkv.rows) tokens in a cache for \(capacity)")
        unsafe blocks[block].withUnsafeMutable { target in
            unsafe qkv.withUnsafe { source in
                for i in 0..<qkv.rows * columns { unsafe target[start + i] = source[i] }
            }
        }
        return blocks[block].causalContext(ofLast: qkv.rows, of: length + qkv.rows, heads: heads)
    }

    /// Counts tokens whose rows all blocks have.
    mutating func advance(by count: Int) { length += count }
}
