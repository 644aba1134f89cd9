import Drift
import Foundation
import Honing

/// Rows about films that a model judges well, and what may befall them.
enum FilmRows {
    enum Change: CaseIterable {
        case none, otherMix, otherTexts, newTexts, otherMeaning, tooSure, repeats, foreign, cut, rejected,
            swap
    }

    static let noon = Date(timeIntervalSince1970: 1_795_420_800)
    private static let filmWords = ["plot", "actor", "scene", "music", "ending", "film", "camera", "story"]
    private static let ballWords = [
        "goal", "match", "team", "striker", "season", "coach", "league", "penalty",
    ]
    private static let germanWords = ["der", "die", "das", "und", "ist", "nicht", "ein", "mit"]

    /// 600 rows that judged the version, 400 of now.
    static func facts(_ change: Change) -> CauseFacts {
        var random = SplitMix64(seed: 11)
        let reference = rows(600, .none, &random)
        var facts = CauseFacts(
            labels: ["bad", "good"], current: rows(400, change, &random), reference: reference,
            promisedErrors: reference.count { $0.isWrong }, promisedCount: reference.count)
        facts.intake = (
            .init(accepted: 400, rejected: change == .rejected ? 200 : 4), .init(accepted: 900, rejected: 9)
        )
        facts.referenceTokens = (6_000, 60)
        if change == .swap {
            let stream = (0..<600).map { number in
                let isWrong = number < 300 ? number % 12 == 0 : number % 3 == 0
                return ReportRow(
                    at: noon.addingTimeInterval(Double(number)), label: "good",
                    predicted: isWrong ? "bad" : "good", loss: isWrong ? 1 : 0, lossInNats: 0,
                    confidence: 0.9,
                    tokens: 8, unknownTokens: 0, version: number < 300 ? 1 : 2)
            }
            facts.onset = DatedOnset(stream, version: 2)
        }
        return facts
    }

    private static func rows(_ count: Int, _ change: Change, _ random: inout SplitMix64) -> [CauseRow] {
        (0..<count).map { number in
            let isGood = random.chance(change == .otherMix ? 0.85 : 0.5)
            let words =
                switch change {
                // Half of the texts are as they were.
                case .otherTexts: random.chance(0.5) ? ballWords : filmWords
                // None is.
                case .newTexts: ballWords
                case .foreign: random.chance(0.5) ? germanWords : filmWords
                default: filmWords
                }
            // Of the classes the good one is harder, so that another mix has another accuracy.
            var error = isGood ? 0.14 : 0.06
            if change == .otherTexts || change == .newTexts, words == ballWords { error = 0.45 }
            if change == .otherMeaning { error = isGood ? 0.14 : 0.5 }
            if change == .swap { error = 0.35 }
            let isWrong = random.chance(error)
            let text =
                change == .repeats && random.chance(0.6)
                ? "buy now"
                : "it is the " + (0..<8).map { _ in words[random.below(words.count)] }.joined(separator: " ")
            return CauseRow(
                text: change == .cut ? String(text.prefix(24)) : text, label: isGood ? "good" : "bad",
                predicted: isGood != isWrong ? "good" : "bad",
                confidence: change == .tooSure ? 0.99 : 0.9, tokens: 10,
                unknownTokens: number % 10 == 0 ? 1 : 0,
                source: "feed", at: noon.addingTimeInterval(Double(number)))
        }
    }
}

extension SplitMix64 {
    fileprivate mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < share
    }
    fileprivate mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}
