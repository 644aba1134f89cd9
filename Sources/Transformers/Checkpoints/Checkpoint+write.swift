import Foundation
import Tensors

extension Checkpoint {
    /// Writes a model as a folder that `transformers` reads, with this checkpoint's tokenizer.
    ///
    /// `config.json` comes last: a folder that was not finished is no checkpoint.
    public func write(_ model: TextClassificationModel, to target: String) throws(CheckpointError) {
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            try writeSafetensors(model.tensors { !$0.isAdapter }, to: target + "/" + CheckpointFile.weights)
            for name in CheckpointFile.tokenizer {
                guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
                try data.write(to: URL(filePath: target + "/" + name), options: .atomic)
            }
            try model.configuration.encoded().write(
                to: URL(filePath: target + "/" + CheckpointFile.configuration), options: .atomic)
        } catch let error as SafetensorsError {
            throw .weights(error)
        } catch {
            throw .unwritable(target, reason: error.localizedDescription)
        }
    }
}

extension TextClassificationModel {
    /// The parameters as a checkpoint holds them.
    func tensors(
        where isWanted: (Parameter) -> Bool
    ) -> [(name: String, shape: [Int], matrix: Matrix)] {
        parameters.filter { isWanted($0.parameter) }.flatMap { parameter, matrix in
            zip(parameter.names, matrix.blocks(parameter.names.count, isVector: parameter.isVector)).map {
                (name(inFile: $0, parameter), parameter.shape(of: matrix), $1)
            }
        }
    }

    /// `BertForSequenceClassification` looks for its encoder under `bert.`; `BertModel` takes both.
    private func name(inFile name: String, _ parameter: Parameter) -> String {
        let isComplete = parameter.isHead || name.hasPrefix("bert.") || configuration.pooling == .mean
        return isComplete ? name : "bert." + name
    }
}

extension Matrix {
    /// The tensors whose rows (or, for vectors, elements) lie one after another.
    fileprivate func blocks(_ parts: Int, isVector: Bool) -> [Matrix] {
        guard parts > 1 else { return [self] }
        let (all, length) = (values, count / parts)
        return (0..<parts).map {
            Matrix(
                rows: isVector ? 1 : rows / parts, columns: isVector ? length : columns,
                values: all[$0 * length..<($0 + 1) * length])
        }
    }
}
