import Tensors

/// All text of a run: blocks of files, in another order each pass.
package struct RawText: Sendable {
    package let files: [TextFile]
    /// The share of passages that the model is measured by and never learns from.
    let heldOutShare: Double
    private let seed: UInt64

    /// - Throws: `PretrainingError`.
    package init(_ files: [TextFile], heldOutShare: Double, seed: UInt64) throws(PretrainingError) {
        guard !files.isEmpty else { throw .noText }
        self.files = files
        self.heldOutShare = heldOutShare
        self.seed = seed
    }

    package var blockCount: Int { files.reduce(0) { $0 + $1.blockCount } }

    /// In bytes.
    package var size: Int { files.reduce(0) { $0 + $1.size } }

    /// The blocks of all files in the order of one pass.
    func order(pass: Int) -> [Int] {
        var random = Philox(seed: seed, stream: PretrainingStream.blocks.number(pass))
        return (0..<blockCount).shuffled(using: &random)
    }

    /// The passages of a block on one side.
    ///
    /// - Throws: `PretrainingError`.
    package func passages(ofBlock index: Int, heldOut: Bool) throws(PretrainingError) -> [Passage] {
        var index = index
        var file = files.startIndex
        while index >= files[file].blockCount {
            index -= files[file].blockCount
            file += 1
        }
        return try files[file].passages(ofBlock: index).filter {
            $0.isHeldOut(share: heldOutShare) == heldOut
        }
    }
}

/// The streams of random numbers of a run besides those of dropout and of the first weights.
enum PretrainingStream: UInt64 {
    case blocks = 1
    case sequences
    case masks
    case heldOutMasks

    func number(_ index: Int) -> UInt64 { 3 << 62 | rawValue << 48 | UInt64(index) }
}
