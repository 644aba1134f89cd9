import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

/// Long texts in windows, beside an oracle that cuts by hand, asks each window alone, and pools by hand.
@Suite struct TextWindowsTests {
    private static let words = ["a", "good", "bad", "film", "the", "was", "not", "very", ",", "."]

    private static func text(_ count: Int, seed: UInt64) -> String {
        var dice = SplitMix64(seed: seed)
        return (0..<count).map { _ in words[dice.next(below: words.count)] }.joined(separator: " ")
    }

    private static func setting(
        _ pooling: String, length: Int = 12, stride: Int = 3, limit: Int = 32
    ) -> [String: Any] {
        ["windows": ["pooling": pooling, "length": length, "stride": stride, "limit": limit]]
    }

    /// A folder of fixtures that reads in windows.
    private static func copy(_ source: String, to folder: String, _ own: [String: Any]) throws -> String {
        try FileManager.default.copyItem(atPath: source, toPath: folder)
        let file = URL(filePath: folder + "/config.json")
        var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: Any]
        object["hone"] = (object["hone"] as? [String: Any] ?? [:]).merging(own) { $1 }
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        return folder
    }

    /// The windows of a text, cut by hand out of its ids.
    private static func windows(
        of text: String, _ tokenizer: any Tokenizer, length: Int, stride: Int, limit: Int = .max
    ) -> [Encoding] {
        let whole = tokenizer.encode(text, pair: nil, maximumLength: .max).ids
        let (first, last) = (whole[0], whole[whole.count - 1])
        let inner = Array(whole.dropFirst().dropLast())
        var result: [Encoding] = []
        var start = 0
        while result.isEmpty || (start + stride < inner.count && result.count < limit) {
            var window = Encoding()
            window.ids = [first] + inner[start..<min(start + length - 2, inner.count)] + [last]
            window.typeIDs = window.ids.map { _ in 0 }
            result.append(window)
            start += length - 2 - stride
        }
        return result
    }

    private static func pooled(_ logits: [[Float]], _ pooling: String) -> [Float] {
        logits[0].indices.map { column in
            let values = logits.map { $0[column] }
            return pooling == "mean" ? values.reduce(0, +) / Float(values.count) : values.max()!
        }
    }

    @Test(arguments: ["mean", "max"]) func `classes are those of windows run alone`(_ pooling: String) throws
    {
        let scratch = try ScratchFolder()
        let own = Self.setting(pooling).merging(["temperature": 1.7]) { $1 }
        let model = try TextClassifier(
            folder: Self.copy(TinyBert.folder, to: scratch.path + "/model", own))
        let alone = try TextClassifier(folder: TinyBert.folder)
        let tokenizer = try Checkpoint(TinyBert.folder).tokenizer
        let texts = [1, 9, 10, 11, 12, 17, 18, 40, 333].map { Self.text($0, seed: UInt64($0)) }
        let asked = texts.map { model.ask($0, pair: nil) }
        let found = model.predict(texts: asked)
        var counts: [Int] = []
        for ((text, asked), found) in zip(zip(texts, asked), found) {
            let windows = Self.windows(of: text, tokenizer, length: 12, stride: 3)
            counts.append(min(windows.count, 32))
            #expect(asked.encodings.map(\.ids) == windows.prefix(32).map(\.ids))
            let logits = Self.pooled(
                windows.prefix(32).map { alone.predict([$0])[0].logits }, pooling)
            #expect(found.logits == logits)
            #expect(found == Prediction(logits: logits, labels: model.labels, temperature: 1.7))
            #expect(model.predict(texts: [model.ask(text, pair: nil)]) == [found])
        }
        #expect(counts == [1, 1, 1, 2, 2, 2, 3, 6, 32])
    }

    @Test(arguments: ["mean", "max"]) func `so are several labels and scores`(_ pooling: String) throws {
        let scratch = try ScratchFolder()
        func served(_ task: TaskKind) throws -> (
            windows: ServedTask, alone: ServedTask, tokenizer: any Tokenizer
        ) {
            let source = fixturePath("heads/\(task.rawValue)")
            let own = Self.setting(pooling, length: 10, stride: 2).merging(["score_range": [-9, 9]]) { $1 }
            let folder = try Self.copy(source, to: scratch.path + "/\(task.rawValue)", own)
            return (
                try ServedTask(folder: folder), try ServedTask(folder: source),
                try Checkpoint(source).tokenizer
            )
        }
        let text = Self.text(25, seed: 4)
        let labels = try served(.multiLabelClassification)
        let scores = try served(.scoring)
        func logits(_ model: (windows: ServedTask, alone: ServedTask, tokenizer: any Tokenizer)) -> [Float] {
            let windows = Self.windows(of: text, model.tokenizer, length: 10, stride: 2)
            return Self.pooled(windows.map { model.alone.logits(of: [$0])[0].values }, pooling)
        }
        let ask = { (model: ServedTask) in
            let asked = try model.ask(text, pair: nil)
            #expect(asked.encodings.count == 4)
            return asked.answer(model.logits(of: asked.encodings))
        }
        guard case .labels(let holding) = try ask(labels.windows) else { return #expect(Bool(false)) }
        let sigmoids = logits(labels).map { Float(1 / (1 + exp(-Double($0)))) }
        for (found, wanted) in zip(holding.probabilities, sigmoids) { #expect(abs(found - wanted) < 1e-6) }
        let score = Double(logits(scores)[0])
        #expect(try ask(scores.windows) == .score(score))

        // What it costs to be wrong is of the pooled logits too.
        let judged = try scores.windows.judged([Example(text: text, target: .score(1))])
        #expect(abs(judged[0].lossInNats - (score - 1) * (score - 1)) < 1e-5 * max(1, score * score))
        let one = try scores.windows.judged([Example(text: "good", target: .score(1))])
        #expect(one == (try servedAlone(scores.alone, one)))
    }

    /// What a score's model says to "good" that has no windows.
    private func servedAlone(
        _ model: ServedTask, _ like: [ScoredAnswer<TaskAnswer>]
    ) throws -> [ScoredAnswer<TaskAnswer>] {
        try model.judged([Example(text: "good", target: .score(1))]).map { alone in
            // The source says no range, by which an error were small or great.
            ScoredAnswer(
                answer: alone.answer, boundedLoss: like[0].boundedLoss, lossInNats: alone.lossInNats)
        }
    }

    @Test func `a text of one window is answered as without windows, alone or as a pair`() throws {
        let scratch = try ScratchFolder()
        let model = try TextClassifier(
            folder: Self.copy(TinyBert.folder, to: scratch.path + "/model", Self.setting("mean", length: 32)))
        let plain = try TextClassifier(folder: TinyBert.folder)
        for (text, pair) in [("", nil), ("a good film", nil), ("bad", "a very good film"), ("", "")] {
            let encoding = plain.encode(text, pair: pair)
            #expect(model.ask(text, pair: pair).encodings == [encoding])
            #expect(model.predict(texts: [model.ask(text, pair: pair)]) == plain.predict([encoding]))
        }
    }

    @Test func `however long a text, its windows are limited, also those of a pair`() throws {
        let scratch = try ScratchFolder()
        let model = try TextClassifier(
            folder: Self.copy(
                TinyBert.folder, to: scratch.path + "/model", Self.setting("max", stride: 1, limit: 7)))
        let long = Self.text(100_000, seed: 1)
        for pair in [nil, "good", long] {
            let encodings = model.ask(long, pair: pair).encodings
            #expect(encodings.count == 7)
            #expect(encodings.allSatisfy { $0.ids.count <= 12 && $0.isTruncated })
            #expect(encodings[0] == Checkpoint.first(12, long, pair))
        }
        // The limit is where `reach` says.
        let windows = try #require(TextWindows(.max, length: 12, stride: 1, limit: 7))
        let reach = windows.reach(special: 2)
        let tokenizer = try Checkpoint(TinyBert.folder).tokenizer
        for (words, isWhole) in [(reach - 2, true), (reach - 1, false)] {
            let text = ([String](repeating: "a", count: words - 1) + ["good"]).joined(separator: " ")
            let encodings = model.ask(text, pair: nil).encodings
            let good = try #require(tokenizer.vocabulary.id(of: "good"))
            #expect(encodings.count == 7 && encodings[6].ids.contains(good) == isWhole)
        }
    }

    @Test func `windows are in the folder, also when the model is written again`() throws {
        let scratch = try ScratchFolder()
        let folder = try Self.copy(
            TinyBert.folder, to: scratch.path + "/model", Self.setting("max", limit: 9))
        let checkpoint = try Checkpoint(folder)
        #expect(checkpoint.configuration.windows == TextWindows(.max, length: 12, stride: 3, limit: 9))
        try checkpoint.write(checkpoint.classificationModel(), to: scratch.path + "/again")
        let again = try Checkpoint(scratch.path + "/again")
        #expect(again.configuration.windows == checkpoint.configuration.windows)
        #expect(try Checkpoint(TinyBert.folder).configuration.windows == nil)
        #expect(try Checkpoint(TinyBert.folder).reading(maximumLength: 20).maximumLength == 20)
        #expect(again.reading(maximumLength: 20).maximumLength == 12)
    }

    @Test func `senseless windows are refused by what is wrong with them`() throws {
        let scratch = try ScratchFolder()
        let mistakes: [([String: Any], String)] = [
            (Self.setting("first"), "\"pooling\" of \"windows\" under \"hone\" must be \"mean\" or \"max\""),
            (Self.setting("mean", length: 33), "\"length\" of \"windows\""),
            (Self.setting("mean", stride: 4), "from 0 to 3"),
            (Self.setting("mean", stride: -1), "\"stride\""),
            (Self.setting("mean", limit: 0), "\"limit\""), (Self.setting("mean", limit: 2_000), "1 to 1024"),
            (["windows": 7], "\"pooling\""),
        ]
        for (place, (own, part)) in mistakes.enumerated() {
            let folder = try Self.copy(TinyBert.folder, to: scratch.path + "/\(place)", own)
            let error = #expect(throws: CheckpointError.self) { try Checkpoint(folder) }
            #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
        }
        #expect(TextWindows(.mean, length: 128)?.stride == 32)
        #expect(TextWindows(.mean, length: 3)?.stride == 0)
        #expect(TextWindows(.mean, length: 128, stride: 62) == nil)
    }
}

extension Checkpoint {
    /// What the tiny model reads at once of a text.
    fileprivate static func first(_ length: Int, _ text: String, _ pair: String?) -> Encoding? {
        try? Checkpoint(TinyBert.folder).tokenizer.encode(text, pair: pair, maximumLength: length)
    }
}
