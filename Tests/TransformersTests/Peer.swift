import Foundation
import Tensors
import Testing
import Tokenizers
import Transformers

/// `transformers`, where `PEER_PYTHON` names a Python that has it.
enum Peer {
    static let python = ProcessInfo.processInfo.environment["PEER_PYTHON"]

    private struct Answer: Encodable {
        var ids: [Int32]
        var types: [Int32]
        var logits: [Float]
    }

    /// Lets `check_family.py` compare the logits of each text of a batch, one at a time.
    static func check(_ folder: String, _ batch: TokenBatch, _ logits: (TokenBatch) -> Matrix) throws {
        let answers = zip(batch.offsets, batch.offsets.dropFirst()).map { start, end in
            let (ids, types) = (Array(batch.ids[start..<end]), Array(batch.typeIDs[start..<end]))
            return Answer(
                ids: ids, types: types, logits: logits(TokenBatch(ids: [ids], types: [types])).values)
        }
        let file = folder + "/answers.json"
        try JSONEncoder().encode(answers).write(to: URL(filePath: file))
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Reference/check_family.py").path
        process.arguments = ["-B", script, folder, file]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}

extension TokenBatch {
    /// Texts that are token ids already; without types all tokens are of the first.
    init(ids: [[Int32]], types: [[Int32]]? = nil) {
        self.init(
            ids.enumerated().map { row, ids in
                var encoding = Encoding()
                encoding.ids = ids
                encoding.typeIDs = types?[row] ?? ids.map { _ in 0 }
                return encoding
            })
    }
}

/// Equal to a hundred-thousandth of the largest element, or of one.
func expectNear(
    _ found: Matrix, _ wanted: Matrix, _ name: String, tolerance: Float = 1e-5,
    at location: SourceLocation = #_sourceLocation
) {
    guard found.rows == wanted.rows, found.columns == wanted.columns else {
        Issue.record("\(name) is [\(found.shape)], not [\(wanted.shape)]", sourceLocation: location)
        return
    }
    let largest = wanted.values.map(abs).max() ?? 0
    let worst = zip(found.values, wanted.values).map { abs($0 - $1) }.max() ?? 0
    #expect(
        worst < tolerance * max(1, largest), "\(name) differs by \(worst) of \(largest)",
        sourceLocation: location)
}
