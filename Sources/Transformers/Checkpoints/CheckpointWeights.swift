import Foundation
import Tensors

/// The tensors of a model folder: of `model.safetensors`, or of the files that
/// `model.safetensors.index.json` divides them among.
///
/// Format of the index: <https://huggingface.co/docs/transformers/big_models>.
struct CheckpointWeights: Sendable {
    private let files: [Safetensors]
    /// The file that holds each tensor.
    private let places: [String: Int]

    private struct Index: Decodable {
        var places: [String: String]

        enum CodingKeys: String, CodingKey { case places = "weight_map" }
    }

    /// - Throws: `CheckpointError`.
    init(folder: String) throws(CheckpointError) {
        let names: [String]
        var index: Index?
        if Self.exists(CheckpointFile.weights, folder) {
            names = [CheckpointFile.weights]
        } else if Self.exists(CheckpointFile.index, folder) {
            let divided = try Self.index(folder)
            names = Set(divided.places.values).sorted()
            index = divided
        } else {
            throw Self.absence(folder)
        }
        var files: [Safetensors] = []
        for name in names {
            guard Self.exists(name, folder) else { throw .missingFile(name, folder: folder) }
            do { files.append(try Safetensors(folder + "/" + name)) } catch { throw .weights(error) }
        }
        self.files = files
        guard let index else {
            places = files[0].tensors.mapValues { _ in 0 }
            return
        }
        let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        places = index.places.compactMapValues { order[$0] }
        for (name, place) in places where files[place].tensors[name] == nil {
            throw .weights(.missing(file: files[place].file, tensor: name))
        }
    }

    private static func exists(_ name: String, _ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/" + name)
    }

    private static func index(_ folder: String) throws(CheckpointError) -> Index {
        let path = folder + "/" + CheckpointFile.index
        guard let data = FileManager.default.contents(atPath: path),
            let index = try? JSONDecoder().decode(Index.self, from: data), !index.places.isEmpty
        else {
            throw .badConfiguration(file: path, reason: "it has no \"weight_map\" of tensors to files")
        }
        // A name is looked up in the folder and nowhere else.
        if let stray = index.places.values.first(where: { $0.contains("/") || $0.hasPrefix(".") }) {
            throw .badConfiguration(file: path, reason: "\"\(stray)\" is no file of the folder")
        }
        return index
    }

    /// Pickled weights are programs: reading them means running them, so they are not read.
    private static func absence(_ folder: String) -> CheckpointError {
        for name in ["pytorch_model.bin", "pytorch_model.bin.index.json"] where exists(name, folder) {
            return .pickled(name, folder: folder)
        }
        return .missingFile(CheckpointFile.weights, folder: folder)
    }

    /// The paths of all files, in the order of their names.
    var paths: [String] { files.map(\.file) }

    /// The elements of all tensors.
    var count: Double {
        files.reduce(0) { sum, file in
            file.tensors.values.reduce(sum) { $0 + $1.shape.reduce(1.0) { $0 * Double($1) } }
        }
    }

    /// The first dimension of a tensor; 0 where there is none of that name.
    func rows(_ name: String) -> Int {
        places[name].flatMap { files[$0].tensors[name]?.shape.first } ?? 0
    }

    /// - Throws: `CheckpointError` as `Safetensors.matrix` does.
    func matrix(_ name: String, shape: [Int]) throws(CheckpointError) -> Matrix {
        do { return try files[places[name] ?? 0].matrix(name, shape: shape) } catch { throw .weights(error) }
    }
}
