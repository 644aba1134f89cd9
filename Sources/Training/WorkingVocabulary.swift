package import Tensors
package import Tokenizers

/// The words that the rows of a run use, under numbers of their own.
///
/// Of a vocabulary of 30,522 tokens some thousand texts use a fifth. A word that no row uses has no
/// gradient, and AdamW, which does not decay embeddings, leaves it where it is. So it need not take
/// part: the table, its gradient and its two moments shrink to the words in use, and so do the passes
/// over them at every step. The result is that of the whole table.
package struct WorkingVocabulary {
    /// The vocabulary's ids in rising order; the place of each is its working id.
    package let ids: [Int32]
    /// By id; −1 for words that no row uses.
    private let workingIDs: [Int32]

    package init(_ rows: [Encoding], vocabularySize: Int) {
        var isUsed = [Bool](repeating: false, count: vocabularySize)
        for row in rows { for id in row.ids { isUsed[Int(id)] = true } }
        ids = isUsed.indices.filter { isUsed[$0] }.map(Int32.init)
        var workingIDs = [Int32](repeating: -1, count: vocabularySize)
        for (place, id) in ids.enumerated() { workingIDs[Int(id)] = Int32(place) }
        self.workingIDs = workingIDs
    }

    /// The same text in working ids.
    ///
    /// - Precondition: it is one of the rows that the vocabulary was made of.
    package func narrowed(_ encoding: Encoding) -> Encoding {
        var encoding = encoding
        encoding.ids = encoding.ids.map { workingIDs[Int($0)] }
        return encoding
    }

    /// The rows of the words in use.   [v, d] → [ids.count, d]
    package func narrowed(_ table: Matrix) -> Matrix {
        var narrow = Matrix(uninitializedRows: ids.count, columns: table.columns)
        unsafe narrow.withUnsafeMutable { target in
            unsafe table.withUnsafe { source in
                for (place, id) in ids.enumerated() {
                    unsafe Self.copyRow(Int(id), of: source, to: place, of: target, table.columns)
                }
            }
        }
        return narrow
    }

    /// Puts the rows of `narrow` back where they came from.
    package func restore(_ narrow: Matrix, into table: inout Matrix) {
        let d = table.columns
        unsafe table.withUnsafeMutable { target in
            unsafe narrow.withUnsafe { source in
                for (place, id) in ids.enumerated() {
                    unsafe Self.copyRow(place, of: source, to: Int(id), of: target, d)
                }
            }
        }
    }

    private static func copyRow(
        _ from: Int, of source: UnsafeBufferPointer<Float>, to: Int,
        of target: UnsafeMutableBufferPointer<Float>,
        _ d: Int
    ) {
        for c in 0..<d { unsafe target[to * d + c] = source[from * d + c] }
    }
}
