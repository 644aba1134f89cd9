public import Foundation

/// Why the live version's figures changed, and what shows it.
///
/// Shares are in [0, 1]. Part of the JSON of a `DriftReport`: keys are added, never renamed.
public struct CauseReport: Codable, Sendable, Equatable {
    /// `labelShift`, `covariateShift`, `conceptDrift`, `calibrationOnly`, `dataFault`, `ownSwap` or
    /// `unknown`.
    public var cause: String
    /// What happened, for a person who knows no statistics.
    public var sentence: String
    /// What is best done about it.
    public var remedy: String
    /// Absent where there are no labels to tell.
    public var accuracyFell: Bool?
    /// The rows that were looked at, and those that they were held against.
    public var rows: Int
    public var referenceRows: Int
    /// `judged`: the rows that judged the version; `before`: those that it answered before the change.
    public var comparedWith: String
    /// Absent where no rise of the mistakes can be dated.
    public var began: Began?
    /// Every figure that was looked at.
    public var figures: [Figure]
    /// What would have to be known to be surer.
    public var missing: [String]
    /// Words and word pairs that are used more than before, the most telling first, and less.
    public var rising: [Word] = []
    public var falling: [Word] = []
    /// Pairs of labels whose confusion changed beyond chance, the greatest change first.
    public var confused: [Confusion] = []
    /// Rows that show it best.
    public var examples: [Example] = []

    public struct Began: Codable, Sendable, Equatable {
        /// The most likely moment, and the stretch in which it may lie.
        public var at: Date
        public var earliest: Date
        public var latest: Date
        /// The share of mistakes before and since.
        public var errorBefore: Double
        public var errorSince: Double
    }

    public struct Figure: Codable, Sendable, Equatable {
        /// `mistakes`, `familiarMistakes`, `classDistance`, `classAppearance`, `calibrationError`,
        /// `domainArea`, `rejectedRows`, `duplicates`, `unknownTokens`, `foreignTexts`, `sameLengths`.
        public var name: String
        public var value: Double
        public var reference: Double?
        /// The chance of such a difference where nothing changed.
        public var pValue: Double?
    }

    public struct Word: Codable, Sendable, Equatable {
        public var term: String
        public var count: Int
        public var countBefore: Int
        /// Uses now per uses before, given as many words.
        public var timesAsOften: Double
    }

    public struct Confusion: Codable, Sendable, Equatable {
        public var label: String
        public var takenFor: String
        /// The part of the label's rows that is taken for the other, now and before.
        public var share: Double
        public var shareBefore: Double
        /// Corrected by Holm for all pairs.
        public var pValue: Double
    }

    public struct Example: Codable, Sendable, Equatable {
        /// Its beginning, at most 160 characters.
        public var text: String
        public var label: String
        public var predicted: String
        public var confidence: Double
    }
}

/// One value of one property of rows beside all other rows.
public struct SliceComparison: Codable, Sendable, Equatable {
    /// `label`, `length`, `source`, `language`.
    public var property: String
    public var value: String
    public var count: Int
    public var accuracy: Double
    public var accuracyOutside: Double
    /// Welch's one-sided p, corrected by Holm for all parts that were looked at.
    public var pValue: Double
    /// Whether it is worse beyond chance.
    public var isWorse: Bool { pValue <= 0.05 }
}
