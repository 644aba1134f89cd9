import Corpus
import Foundation
import Honing
import TestSupport
import Training

/// What people praise and blame in films, and in which words, told in those that the tiny BERT knows: at first
/// "good" and "bad", later "not bad" and "not good", which name the opposite and are names of two words.
enum PraiseTalk {
    struct Row: Sendable, Encodable {
        var text: String
        var tags: [String]
        /// As feedback is to be called: the same as the source, so that neither floods the other.
        var source = "talk"

        var example: Example { Example(text: text, target: .tags(tags)) }
    }

    static func plain(_ count: Int, seed: UInt64) -> [Row] { rows(count, seed: seed, isNegated: false) }
    static func negated(_ count: Int, seed: UInt64) -> [Row] { rows(count, seed: seed, isNegated: true) }

    private static func rows(_ count: Int, seed: UInt64, isNegated: Bool) -> [Row] {
        var dice = SplitMix64(seed: seed)
        let fillers = ["a", "the", "film", "was", "very", ",", "."]
        return (0..<count).map { _ in
            var row: (words: [String], tags: [String]) = ([], [])
            func fill(_ count: Int) {
                for _ in 0..<count {
                    row.words.append(fillers[dice.next(below: fillers.count)])
                    row.tags.append("O")
                }
            }
            fill(2 + dice.next(below: 3))
            let isGood = dice.next(below: 2) == 0
            let name = isGood == isNegated ? "BLAME" : "PRAISE"
            if isNegated {
                row.words.append("not")
                row.tags.append("B-" + name)
            }
            row.words.append(isGood ? "good" : "bad")
            row.tags.append((isNegated ? "I-" : "B-") + name)
            fill(3 + dice.next(below: 3))
            return Row(text: row.words.joined(separator: " "), tags: row.tags)
        }
    }

    static func lines(_ rows: [Row]) throws -> String {
        try rows.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }.joined()
    }

    /// Teaches the tiny BERT plain talk.
    ///
    /// - Returns: how to import it, with the rows that belong to it.
    static func firstModel(in folder: String) throws -> ImportOrder {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let rows = plain(1_500, seed: 1)
        func side(_ split: Split) -> [Example] {
            rows.map(\.example).filter { Split.of(ContentHash(of: $0)) == split }
        }
        var arguments = TrainingArguments()
        arguments.learningRate = 3e-3
        arguments.epochs = 6
        arguments.maximumLength = 32
        try fineTune(
            base: LivingLoop.tinyBert, for: .tokenClassification, training: side(.train),
            development: side(.development), arguments: arguments, output: folder + "/model")
        try Data(lines(rows).utf8).write(to: URL(filePath: folder + "/rows.jsonl"))
        return ImportOrder(
            folder: folder + "/model", examples: folder + "/rows.jsonl", reason: "the first model",
            requestedBy: "a test")
    }
}
