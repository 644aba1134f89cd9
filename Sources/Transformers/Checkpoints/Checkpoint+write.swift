import Foundation
import Tensors

extension Checkpoint {
    /// Writes a model as a folder that `transformers` reads, with this checkpoint's tokenizer.
    ///
    /// `config.json` comes last: a folder that was not finished is no checkpoint.
    public func write(_ model: some Network, to target: String) throws(CheckpointError) {
        try Self.write(model, tokenizer: folder, to: target)
    }

    /// - Parameter tokenizer: the folder whose tokenizer's files are copied; `nil` where `target` has them.
    static func write(
        _ model: some Network, tokenizer folder: String?, to target: String
    ) throws(CheckpointError) {
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            try writeSafetensors(model.tensors { !$0.isAdapter }, to: target + "/" + CheckpointFile.weights)
            if let folder { try copyTokenizer(from: folder, to: target) }
            try model.configuration.encoded().write(
                to: URL(filePath: target + "/" + CheckpointFile.configuration), options: .atomic)
        } catch let error as SafetensorsError {
            throw .weights(error)
        } catch {
            throw .unwritable(target, reason: error.localizedDescription)
        }
    }

    private static func copyTokenizer(from folder: String, to target: String) throws {
        for name in CheckpointFile.tokenizer {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            try data.write(to: URL(filePath: target + "/" + name), options: .atomic)
        }
    }
}

extension Network {
    /// The parameters as a checkpoint holds them, under the names of the class that it says it is of.
    func tensors(
        where isWanted: (Parameter) -> Bool
    ) -> [(name: String, shape: [Int], matrix: Matrix)] {
        // `BertForSequenceClassification` looks for its encoder under `bert.`; `BertModel` takes both.
        let prefix = isNative ? configuration.family.prefix : configuration.encoderPrefix
        var copy = self
        var result: [(name: String, shape: [Int], matrix: Matrix)] = []
        copy.visit(prefix: prefix) { parameter, matrix in
            guard isWanted(parameter) else { return }
            let shape = parameter.shape(of: matrix)
            let blocks = matrix.blocks(parameter.names.count, isVector: parameter.isVector)
            result += zip(parameter.names, blocks).map {
                ($0, shape, parameter.isTransposed ? $1.transposed() : $1)
            }
        }
        return result
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

    /// The matrix turned over.
    func transposed() -> Matrix {
        var result = Matrix(uninitializedRows: columns, columns: rows)
        let (rows, columns) = (rows, columns)
        unsafe result.withUnsafeMutable { out in
            unsafe withUnsafe { x in
                for row in 0..<rows {
                    for column in 0..<columns {
                        unsafe out[column * rows + row] = x[row * columns + column]
                    }
                }
            }
        }
        return result
    }
}
