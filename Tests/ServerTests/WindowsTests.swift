import Corpus
import Foundation
import Honing
import Store
import TestSupport
import Testing
import Training
import Transformers

/// A model that reads long texts in windows answers alike over HTTP, by itself, and where it is judged.
@Suite struct WindowsTests {
    /// The tiny BERT, read in windows of 12 tokens.
    private static func folder(in parent: String) throws -> String {
        let folder = parent + "/windows"
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: LivingLoop.tinyBert, toPath: folder)
        let file = URL(filePath: folder + "/config.json")
        var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: Any]
        object["hone"] = [
            "pooling": "cls", "windows": ["pooling": "mean", "length": 12, "stride": 3, "limit": 4],
        ]
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        return folder
    }

    private static let long =
        String(repeating: "a very bad film , ", count: 6) + String(repeating: "good ", count: 5_000)

    @Test func `what is served is what is evaluated and what judges`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.server.precision = .f32
        try await LivingDaemon.run(configuration) { daemon in
            let folder = try Self.folder(in: daemon.configuration.dataDirectory + "/folders")
            let order = #"{"folder":"\#(folder)","requestedBy":"ada","reason":"a test","promote":true}"#
            let receipt: ImportReceipt = try await daemon.control.post("/import", order).decode()
            #expect(receipt.isLive)

            let classifier = try TextClassifier(folder: folder)
            for text in ["a good film", Self.long] {
                let scored = try evaluate(
                    classifier, on: [Example(text: text, target: .label("positive"))])[0]
                let answer = try await daemon.door.post("/predict", #"{"inputs":"\#(text)"}"#)
                let served: [LabelScore] = try answer.decode()
                for (label, wanted) in zip(classifier.labels.names, scored.prediction.probabilities) {
                    #expect(served.first { $0.label == label }?.score == wanted)
                }
                #expect(
                    try FolderModel(folder).predict([text]).first == .labels(served, held: [served[0].label]))

                let feedback = #"{"text":"\#(text)","label":"positive"}"#
                #expect(try await daemon.door.post("/v1/feedback", feedback).status == 200)
                let count = text == Self.long ? 2 : 1
                try await eventually("the row is judged") {
                    try await daemon.loop.store.outcomes(modelVersion: 2, since: 0, limit: 9).count == count
                }
                let outcomes = try await daemon.loop.store.outcomes(modelVersion: 2, since: 0, limit: 9)
                #expect(outcomes.contains { abs($0.lossInNats - scored.lossInNats) < 1e-6 })
            }
            // Five thousand words ask for no more work than four windows.
            let tokens = try await daemon.door.post("/predict", #"{"inputs":"\#(Self.long)"}"#)
                .headers["x-compute-tokens"].flatMap { Int($0) }
            #expect(tokens == 48)
        }
    }
}
