import Corpus
import Foundation
import Transformers

/// In what form a model is written: `hone export --format`.
public enum ExportFormat: String, Codable, Sendable, CaseIterable {
    /// A folder that `transformers` loads.
    case huggingface
    /// `model.onnx`, for ONNX Runtime and whatever else reads ONNX, with the tokenizer beside it.
    case onnx
}

/// A model folder in another form: `hone export FOLDER`.
public struct FolderExport: Codable, Sendable, Equatable {
    public var model: String
    public var folder: String
    public var files: [String]
    public var sentence: String { "\(model) lies in \(folder): \(files.joined(separator: ", "))." }

    /// - Parameter folder: must not exist, or be empty.
    /// - Throws: `CheckpointError`; `ControlError` where the folder is used, or there is nothing to change.
    public init(of model: String, as format: ExportFormat, to folder: String) throws {
        let checkpoint = try Checkpoint(model)
        guard format == .onnx else {
            throw ControlError.unusable("\(model) is a Hugging Face folder already: say --format onnx")
        }
        try Self.makeEmpty(folder)
        self.model = model
        self.folder = folder
        files = try checkpoint.writeONNX(to: folder)
    }

    static func makeEmpty(_ folder: String) throws {
        let files = FileManager.default
        if try files.fileExists(atPath: folder) && !files.contentsOfDirectory(atPath: folder).isEmpty {
            throw ControlError.unusable("\(folder) is not empty: name a new folder for the export")
        }
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
}
