import Corpus
import Foundation
import Tensors

extension Checkpoint {
    /// Writes the model as a folder for ONNX runtimes: `model.onnx`, the tokenizer and `config.json`.
    ///
    /// Inputs and outputs have the names that `optimum` gives them; see <doc:ONNX>. `config.json` comes last:
    /// a folder that was not finished is no model.
    ///
    /// - Parameter inlineLimit: a model of more bytes has its weights in `model.onnx_data`, for a message of
    ///   Protocol Buffers ends at 2³¹.
    /// - Returns: the names of the files.
    /// - Throws: `CheckpointError`, also where the checkpoint is one of a decoder.
    package func writeONNX(
        to target: String, inlineLimit: Int = 2_000_000_000
    ) throws(CheckpointError) -> [String] {
        let graph = try onnxGraph()
        let files = FileManager.default
        let size = graph.constants.reduce(0) { sum, constant in
            if case .floats(let matrix) = constant.content { sum + matrix.bytes } else { sum }
        }
        let sideFile = size > inlineLimit ? ONNXFile.data : nil
        let (model, beside) = graph.encoded(sideFile: sideFile)
        var written: [String] = []
        do {
            try files.createDirectory(atPath: target, withIntermediateDirectories: true)
            func write(_ name: String, _ body: (FileHandle) throws -> Void) throws {
                try writeFile(target + "/" + name, body)
                written.append(name)
            }
            if let sideFile { try write(sideFile) { file in try beside.forEach { try file.write($0) } } }
            try write(ONNXFile.model) { file in try model.pieces.forEach { try file.write($0) } }
            for name in CheckpointFile.tokenizer + [CheckpointFile.configuration] {
                guard let data = files.contents(atPath: folder + "/" + name) else { continue }
                try write(name) { try $0.write(contentsOf: data) }
            }
        } catch {
            throw .unwritable(target, reason: error.localizedDescription)
        }
        return written.sorted()
    }

    func onnxGraph() throws(CheckpointError) -> ONNXGraph {
        guard !configuration.family.isDecoder else {
            throw .otherTask(folder: folder, is: .textGeneration, asked: .textClassification)
        }
        var graph = ONNXGraph()
        let inputs = ONNXInputs(&graph, configuration)
        let hidden = graph.encoder(try encoder(), inputs, configuration)
        switch configuration.task {
        case .questionAnswering:
            graph.questionAnswering(try head(), hidden)
        case .tokenClassification where configuration.labels.count > 0:
            graph.tokenClassification(try head(), hidden)
        case .textClassification where configuration.labels.count > 0,
            .multiLabelClassification where configuration.labels.count > 0,
            .scoring where configuration.labels.count > 0:
            graph.classification(try head(), hidden, inputs, configuration)
        case .textClassification, .multiLabelClassification, .scoring, .tokenClassification, .textGeneration:
            graph.hiddenStates(hidden, size: configuration.hiddenSize)
        }
        return graph
    }
}

/// The files of a model that is written for ONNX runtimes.
enum ONNXFile {
    static let model = "model.onnx"
    static let data = "model.onnx_data"
}

/// Writes a file that appears under its name only once it is whole and on the disk.
private func writeFile(_ path: String, _ body: (FileHandle) throws -> Void) throws {
    let partial = URL(filePath: path + ".partial")
    do {
        try Data().write(to: partial)
        let file = try FileHandle(forWritingTo: partial)
        try body(file)
        try file.synchronize()
        try file.close()
        try FileManager.default.moveItem(at: partial, to: URL(filePath: path))
    } catch {
        try? FileManager.default.removeItem(at: partial)
        throw error
    }
}

extension FileHandle {
    fileprivate func write(_ piece: ProtobufMessage.Piece) throws {
        switch piece {
        case .bytes(let bytes): try write(contentsOf: bytes)
        case .matrix(let matrix): try write(matrix)
        }
    }

    fileprivate func write(_ placed: ONNXGraph.PlacedMatrix) throws {
        try seek(toOffset: UInt64(placed.offset))
        try write(placed.matrix)
    }

    /// A piece at a time: a table of words may be larger than anybody wants to have twice.
    private func write(_ matrix: Matrix) throws {
        try unsafe matrix.withUnsafe { floats in
            let bytes = UnsafeRawBufferPointer(floats)
            for start in stride(from: 0, to: bytes.count, by: 1 << 24) {
                try write(contentsOf: unsafe Data(bytes[start..<min(start + 1 << 24, bytes.count)]))
            }
        }
    }
}
