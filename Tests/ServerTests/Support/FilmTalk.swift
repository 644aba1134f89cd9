import Corpus
import Foundation
import Honing
import Training

/// How people talk about films, in the fifteen words that the tiny BERT knows.
///
/// At first nobody says "not", and a film is good or bad. Later everybody does, and "not good" is
/// bad: the old sentences keep their meaning, the new ones mean the opposite of what they seem to.
enum FilmTalk {
    static let labels = LabelSet(names: ["negative", "positive"])

    /// Sentences that mean what they say.
    static func plain(_ count: Int, seed: UInt64) -> [StubSource.Row] {
        rows(count, seed: seed) { word in word }
    }

    /// Sentences that mean the opposite of their word.
    static func negated(_ count: Int, seed: UInt64) -> [StubSource.Row] {
        rows(count, seed: seed) { word in "not " + word }
    }

    private static func rows(
        _ count: Int, seed: UInt64, said: (String) -> String
    ) -> [StubSource.Row] {
        var dice = Dice(state: seed)
        let fillers = ["a", "the", "film", "films", "was", "very", ",", "."]
        func filler(_ lengths: ClosedRange<Int>) -> [String] {
            (0..<Int.random(in: lengths, using: &dice)).map { _ in fillers.randomElement(using: &dice)! }
        }
        return (0..<count).map { _ in
            let isGood = Bool.random(using: &dice)
            let words = filler(3...5) + [said(isGood ? "good" : "bad")] + filler(3...5)
            let isMeant = said("good") == "good" ? isGood : !isGood
            return StubSource.Row(
                text: words.joined(separator: " "), label: isMeant ? "positive" : "negative")
        }
    }

    /// Fine-tunes the tiny BERT on plain talk.
    ///
    /// - Returns: how to import it, with the rows that belong to it.
    static func firstModel(in folder: String) throws -> ImportOrder {
        try model(of: plain(2_000, seed: 1), in: folder)
    }

    /// Fine-tunes the tiny BERT on some talk.
    static func model(of rows: [StubSource.Row], epochs: Int = 2, in folder: String) throws -> ImportOrder {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let examples = rows.map { Example(text: $0.text, target: .label($0.label)) }
        func side(_ split: Split) -> [Example] { examples.filter { Split.of(ContentHash(of: $0)) == split } }
        var arguments = TrainingArguments()
        arguments.learningRate = 3e-3
        arguments.epochs = epochs
        arguments.maximumLength = 32
        _ = try fineTune(
            base: LivingLoop.tinyBert, labels: labels, training: side(.train),
            development: side(.development), arguments: arguments, output: folder + "/model")
        let lines = try rows.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }
        try Data(lines.joined().utf8).write(to: URL(filePath: folder + "/rows.jsonl"))
        return ImportOrder(
            folder: folder + "/model", examples: folder + "/rows.jsonl", reason: "the first model",
            requestedBy: "a test")
    }
}

/// SplitMix64: the same talk in each run of the tests.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
