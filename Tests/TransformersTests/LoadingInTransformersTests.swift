import Foundation
import Testing
import Transformers

/// What Hone writes, read by `transformers` itself. Runs where `PEER_PYTHON` names a Python that has it.
@Suite struct LoadingInTransformersTests {
    private static let python = ProcessInfo.processInfo.environment["PEER_PYTHON"]

    private struct Answer: Encodable {
        var text: String
        var pair: String?
        var logits: [Float]
    }

    @Test(.enabled(if: python != nil, "PEER_PYTHON names no Python"), arguments: [Pooling.mean, .cls])
    func `transformers gives the same logits`(_ pooling: Pooling) throws {
        let scratch = try ScratchFolder()
        try TinyBert.write(pooling: pooling, to: scratch.path)
        let classifier = try TextClassifier(folder: scratch.path)
        let texts = [
            ("a good film", nil), ("bad", nil), ("the films was not very good , .", "very bad"),
            ("unheard of", nil),
        ]
        let answers = texts.map { text, pair in
            let logits = classifier.predict([classifier.encode(text, pair: pair)])[0].logits
            return Answer(text: text, pair: pair, logits: logits)
        }
        let file = scratch.path + "/answers.json"
        try JSONEncoder().encode(answers).write(to: URL(filePath: file))

        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Reference/check_checkpoint.py").path
        process.arguments = ["-B", script, scratch.path, file]
        try process.run()
        process.waitUntilExit()

        #expect(process.terminationStatus == 0)
    }
}
