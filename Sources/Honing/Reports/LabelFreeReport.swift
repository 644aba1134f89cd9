public import Foundation

/// How good the live version probably is on what nobody has labelled, by its own confidence.
///
/// Part of the JSON of a `DriftReport`: keys are added, never renamed. Shares are in [0, 1].
public struct LabelFreeReport: Codable, Sendable, Equatable {
    /// The newest answers to clients, and since when.
    public var count: Int
    public var since: Date
    /// The accuracy to be expected if probabilities mean what they meant when the version was judged,
    /// and where that of these very answers lies with 95 % then.
    public var accuracy: Double
    public var lower: Double
    public var upper: Double
    public var macroF1: Double
    public var macroF1Lower: Double
    public var macroF1Upper: Double
    /// What the probabilities were divided by before, fitted on the rows that judged the version.
    public var temperature: Double
    /// What the same version scored when it was judged.
    public var promised: Double?
    public var classes: [ClassShare]
    /// Whether old classes in new shares explain the answers; the chance of a worse fit if they do.
    public var labelShiftFitPValue: Double?
    /// What it says, in one sentence.
    public var sentence: String
    /// What it cannot see: to be shown wherever the figures are.
    public var caveat: String

    /// How often a class occurs now, if only the shares of the classes changed.
    public struct ClassShare: Codable, Sendable, Equatable {
        public var label: String
        /// Among the rows that judged the version.
        public var before: Double
        /// Among the answers.
        public var predicted: Double
        /// By expectation maximisation.
        public var likely: Double?
        /// By black-box shift estimation; absent where the version tells the classes apart too badly.
        public var blackBox: Double?
    }
}
