import Corpus
import Foundation
import TestSupport
import Tokenizers
import Transformers

/// The tiny BERT that PyTorch was asked about; see `Tests/Reference/torch_tiny_bert.py`.
enum TinyBert {
    static var folder: String { fixturePath("tiny-bert") }

    struct Reference: Decodable {
        var batch: [[Int32]]
        var types: [[Int32]]
        var labels: [Int]
        var logits: [[Float]]
        var losses: [Double]

        var tokens: TokenBatch {
            TokenBatch(
                zip(batch, types).map { ids, types in
                    var encoding = Encoding()
                    encoding.ids = ids
                    encoding.typeIDs = types
                    return encoding
                })
        }
    }

    static func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: fixture("tiny-bert-reference.json"))
    }

    static func model() throws -> TextClassificationModel {
        try Checkpoint(folder).classificationModel()
    }

    static func configuration() throws -> ModelConfiguration {
        try Checkpoint(folder).configuration
    }

    /// The same network with another pooling, as a model folder of its own below `folder`.
    static func write(pooling: Pooling, to folder: String) throws {
        let checkpoint = try Checkpoint(Self.folder)
        var configuration = checkpoint.configuration
        configuration.pooling = pooling
        configuration.temperature = 1.5
        let source = try checkpoint.classificationModel()
        var model = TextClassificationModel(configuration)
        model.encoder = source.encoder
        model.head.classifier = source.head.classifier
        if pooling == .cls { model.head.pooler = source.head.pooler }
        try checkpoint.write(model, to: folder)
    }

    /// A copy whose configuration has other values, or lacks those that are `nil`.
    @discardableResult
    static func copy(to folder: String, changing changes: [String: Any?]) throws -> String {
        try FileManager.default.copyItem(atPath: Self.folder, toPath: folder)
        let file = URL(filePath: folder + "/config.json")
        var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: Any]
        for (key, value) in changes { object[key] = value }
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        return folder
    }
}

/// A folder that is gone when the test is.
final class ScratchFolder {
    let path = NSTemporaryDirectory() + "hone-transformers-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
