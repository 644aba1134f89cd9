import Corpus
import Foundation
import TestSupport
import Testing
import Training
import Transformers

/// Long texts whose one telling word may stand anywhere.
@Suite struct WindowTrainingTests {
    private static let fillers = ["a", "film", "the", "was", "very", ",", "."]

    /// - Parameter place: of the telling word.
    private static func rows(_ count: Int, words: Int = 60, place: (Int) -> Int) -> [Example] {
        var dice = SplitMix64(seed: 5)
        return (0..<count).map { index in
            var text = (0..<words).map { _ in fillers[dice.next(below: fillers.count)] }
            text[place(index)] = index % 2 == 0 ? "good" : "bad"
            return Example(
                text: text.joined(separator: " "),
                target: .label(index % 2 == 0 ? "positive" : "negative"))
        }
    }

    /// The telling word is in the first window of some, in a later one of others.
    private static let training = rows(160) { $0 * 7 % 60 }
    /// Behind the 32 tokens that the tiny model reads at once.
    private static let late = rows(40) { 31 + $0 % 29 }

    private static func arguments(_ windows: WindowArguments?) -> TrainingArguments {
        var arguments = TinyTask.arguments
        (arguments.maximumLength, arguments.windows, arguments.precision) = (12, windows, .f32)
        arguments.epochs = 6
        return arguments
    }

    private func train(
        _ windows: WindowArguments?, to folder: String, base: String = TinyTask.base,
        _ change: (inout TrainingArguments) -> Void = { _ in }
    ) throws -> FineTuningResult {
        var arguments = Self.arguments(windows)
        change(&arguments)
        return try fineTune(
            base: base, labels: TinyTask.labels, training: Self.training, development: Self.late,
            arguments: arguments, output: folder)
    }

    private func accuracy(_ folder: String) throws -> Double {
        let scored = try evaluate(TextClassifier(folder: folder), on: Self.late)
        return Double(scored.count { $0.isCorrect }) / Double(scored.count)
    }

    @Test(arguments: [WindowArguments.Pooling.mean, .max])
    func `what stands behind the limit is learned and answered with windows only`(
        _ pooling: WindowArguments.Pooling
    ) throws {
        let scratch = try ScratchFolder()
        let result = try train(WindowArguments(pooling), to: scratch.path + "/windows")
        let windows = try #require(try Checkpoint(scratch.path + "/windows").configuration.windows)
        #expect(windows.pooling.rawValue == pooling.rawValue)
        #expect(windows.length == 12 && windows.stride == 3 && windows.limit == 32)
        #expect(try accuracy(scratch.path + "/windows") > 0.95)

        // Chosen by, and calibrated on, what will be answered: the pooled logits.
        #expect(result.developmentAccuracy == (try accuracy(scratch.path + "/windows")))
        let scored = try evaluate(TextClassifier(folder: scratch.path + "/windows"), on: Self.late)
        let fit = fitTemperature(logits: scored.map(\.prediction.logits), labels: scored.map(\.label))
        #expect(abs(fit.temperature - result.temperature) < 1e-3 * fit.temperature)

        try cut(scratch.path + "/windows", to: scratch.path + "/cut")
        #expect(abs(try accuracy(scratch.path + "/cut") - 0.5) < 0.25)
        _ = try train(nil, to: scratch.path + "/plain")
        #expect(try Checkpoint(scratch.path + "/plain").configuration.windows == nil)
        #expect(abs(try accuracy(scratch.path + "/plain") - 0.5) < 0.25)
    }

    /// The same weights in a folder that says nothing of windows.
    private func cut(_ folder: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: folder, toPath: other)
        let file = URL(filePath: other + "/config.json")
        var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: Any]
        object["hone"] = (object["hone"] as? [String: Any])?.filter { $0.key != "windows" }
        try JSONSerialization.data(withJSONObject: object).write(to: file)
    }

    @Test func `a run goes on as its base reads, unless it is told otherwise`() throws {
        let scratch = try ScratchFolder()
        _ = try train(WindowArguments(.max, stride: 2, limit: 5), to: scratch.path + "/first")
        let windows = TextWindows(.max, length: 12, stride: 2, limit: 5)
        func goOn(_ name: String, _ change: @escaping (inout TrainingArguments) -> Void) throws
            -> TextWindows?
        {
            let folder = scratch.path + "/" + name
            _ = try train(nil, to: folder, base: scratch.path + "/first") {
                ($0.epochs, $0.maximumLength) = (1, 24)
                change(&$0)
            }
            return try Checkpoint(folder).configuration.windows
        }
        #expect(try goOn("same") { _ in } == windows)
        #expect(try goOn("temperature") { $0.adjustment = .temperature } == windows)
        #expect(try goOn("held") { $0.distillation = Distillation(weight: 0.5, rows: 30) } == windows)
        #expect(try goOn("head") { $0.headOnly = true } == windows)
        #expect(try goOn("mean") { $0.windows = WindowArguments(.mean) } == TextWindows(.mean, length: 24))
        #expect(try goOn("cut") { $0.windows = WindowArguments(.first) } == nil)
    }

    @Test func `a head learns over windows, kept or not`() throws {
        let scratch = try ScratchFolder()
        _ = try train(WindowArguments(.max), to: scratch.path + "/base")
        func learn(_ name: String, _ cache: FeatureCache?) throws -> FineTuningResult {
            var arguments = Self.arguments(nil)
            arguments.trainHeadOnly()
            return try fineTune(
                base: scratch.path + "/base", labels: TinyTask.labels, training: Self.training,
                development: Self.late, arguments: arguments, output: scratch.path + "/" + name,
                features: cache)
        }
        let plain = try learn("plain", nil)
        let cache = FeatureCache(folder: scratch.path + "/features")
        #expect(try learn("kept", cache) == plain)
        #expect(try learn("again", cache) == plain)
        #expect(plain.developmentAccuracy == (try accuracy(scratch.path + "/plain")))
    }

    @Test func `several labels and scores learn and answer in windows too`() throws {
        let scratch = try ScratchFolder()
        var arguments = Self.arguments(WindowArguments(.max))
        // Whether a label is there at all takes longer to learn than which of two it is.
        arguments.epochs = 16
        func learn(_ kind: TaskKind, _ target: (Bool) -> Target) throws -> [ScoredAnswer<TaskAnswer>] {
            let rows = [Self.training, Self.late].map { side in
                side.map { Example(text: $0.text, target: target($0.label == "positive")) }
            }
            try fineTune(
                base: TinyTask.base, for: kind, training: rows[0], development: rows[1],
                arguments: arguments, output: scratch.path + "/" + kind.rawValue)
            return try ServedTask(folder: scratch.path + "/" + kind.rawValue).judged(rows[1])
        }
        let labels = try learn(.multiLabelClassification) { .labels($0 ? ["good"] : []) }
        #expect(labels.reduce(0) { $0 + $1.boundedLoss } / 40 < 0.1)
        // The largest score of a text is that of its highest place: of a bad film what tells nothing of it.
        let scores = try learn(.scoring) { .score($0 ? 1 : 0) }.enumerated()
        for (place, judged) in scores {
            guard case .score(let score) = judged.answer else { return #expect(Bool(false)) }
            #expect(place % 2 == 0 ? score > 0.75 : score < 0.65, "\(place): \(score)")
        }
        #expect(throws: TrainingError.self) { try learn(.tokenClassification) { _ in .tags([]) } }
    }

    @Test func `windows that leave no way on are refused before anything is learned`() throws {
        for wish in [WindowArguments(.mean, stride: 6), WindowArguments(.mean, limit: 0)] {
            let error = #expect(throws: TrainingError.self) { try train(wish, to: "/proc/hone") }
            #expect(
                error?.description.contains("a stride from 0 to 3") == true, "\(String(describing: error))")
        }
    }
}
