package import Corpus
import Foundation
import Tensors
package import Transformers

/// A training's state on the disk, so that a training that is killed goes on where it was and ends
/// with the same weights, bit for bit.
///
/// The matrices lie in a safetensors file that bears the step in its name; `state.json`, replaced in
/// one rename, says which one counts. Whatever moment the machine dies in, a whole state is there.
package struct SavedState {
    package let folder: String
    /// What the training depends on: a state of other rows or arguments is none.
    package let fingerprint: ContentHash
    /// How long training goes on before the state is written again.
    package let interval: Duration

    package init(folder: String, interval: Duration, fingerprint: ContentHash) {
        self.folder = folder
        self.interval = interval
        self.fingerprint = fingerprint
    }

    private struct Record: Codable {
        var fingerprint: ContentHash
        var file: String
        var hasKept: Bool
        var optimizerStep: Int
        var cursor: TrainingCursor
    }

    private var recordFile: URL { URL(filePath: folder + "/state.json") }

    /// Where an earlier training of the same inputs was, or `nil` where there was none that can be
    /// continued: then training begins at the beginning, which gives the same weights too.
    ///
    /// - Parameter shape: a model of the shapes that the state must have.
    package func load<Model: Network>(
        like shape: Model, _ arguments: TrainingArguments
    ) -> TrainingState<Model>? {
        guard let bytes = try? Data(contentsOf: recordFile),
            let record = try? JSONDecoder().decode(Record.self, from: bytes),
            record.fingerprint == fingerprint, !record.file.contains("/"),
            let tensors = try? Safetensors(folder + "/" + record.file)
        else { return nil }
        do {
            func matrices(_ role: String, like shapes: [Matrix]) throws -> [Matrix] {
                try shapes.enumerated().map { index, like in
                    guard like.count > 0 else { return like }
                    return try tensors.matrix(Self.name(role, index), shape: [like.rows, like.columns])
                }
            }
            func model(_ role: String) throws -> Model {
                var values = try matrices(role, like: shape.parameters.map(\.matrix)).makeIterator()
                var model = shape
                model.visit { _, matrix in matrix = values.next() ?? matrix }
                return model
            }
            var state = TrainingState(try model("weight"), arguments)
            state.optimizer = AdamW(
                resuming: try matrices("moment1", like: state.optimizer.moments1),
                try matrices("moment2", like: state.optimizer.moments2), step: record.optimizerStep, shape,
                arguments)
            state.kept = record.hasKept ? try model("kept") : nil
            state.cursor = record.cursor
            return state
        } catch {
            return nil
        }
    }

    /// Writes the state; when this returns, it is on the disk.
    package func save(_ state: TrainingState<some Network>) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = "step-\(state.cursor.progress.step).safetensors"
        var tensors = Self.named("weight", state.model.parameters.map(\.matrix))
        tensors += Self.named("moment1", state.optimizer.moments1)
        tensors += Self.named("moment2", state.optimizer.moments2)
        tensors += Self.named("kept", state.kept?.parameters.map(\.matrix) ?? [])
        try writeSafetensors(tensors, to: folder + "/" + file)
        let record = Record(
            fingerprint: fingerprint, file: file, hasKept: state.kept != nil,
            optimizerStep: state.optimizer.step, cursor: state.cursor)
        try JSONEncoder().encode(record).write(to: recordFile, options: .atomic)
        for old in try FileManager.default.contentsOfDirectory(atPath: folder)
        where old.hasPrefix("step-") && old != file {
            try FileManager.default.removeItem(atPath: folder + "/" + old)
        }
    }

    /// Takes the state away: the training has come to its end.
    package func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func name(_ role: String, _ index: Int) -> String { "\(role).\(index)" }

    private static func named(
        _ role: String, _ matrices: [Matrix]
    ) -> [(name: String, shape: [Int], matrix: Matrix)] {
        // What does not learn has no moments.
        matrices.enumerated().filter { $1.count > 0 }.map { (name(role, $0), [$1.rows, $1.columns], $1) }
    }
}
