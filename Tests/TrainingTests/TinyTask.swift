import Corpus
import Foundation
import TestSupport
import Training

/// A task that the tiny BERT of `TransformersTests` learns in a second: a film is good or bad.
enum TinyTask {
    static var base: String { fixturePath("../../TransformersTests/Fixtures/tiny-bert") }
    static let labels = LabelSet(names: ["negative", "positive"])

    static func rows(_ count: Int, from first: Int = 0) -> [Example] {
        (first..<first + count).map { index in
            let isGood = index % 2 == 0
            let word = isGood ? "good" : "bad"
            let text = [
                "the film was \(word) .", "a \(word) film",
                "a very \(word) , very \(word) film was the film .",
            ]
            return Example(text: text[index / 2 % 3], target: .label(isGood ? "positive" : "negative"))
        }
    }

    static var arguments: TrainingArguments {
        var arguments = TrainingArguments()
        arguments.learningRate = 3e-3
        arguments.batchSize = 8
        arguments.epochs = 4
        arguments.dropout = 0.1
        arguments.earlyStoppingPatience = 100
        return arguments
    }
}

/// A folder that is gone when the test is, or, where its path was used for longer than itself, when all tests are.
final class ScratchFolder {
    let path = ScratchFolder.parent + "/" + UUID().uuidString

    private static let parent: String = {
        atexit { try? FileManager.default.removeItem(atPath: ScratchFolder.parent) }
        return NSTemporaryDirectory() + "hone-training-" + UUID().uuidString
    }()

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
