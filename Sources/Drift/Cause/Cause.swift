/// Why a model's figures changed.
public enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
    /// The classes come in other shares; each looks as it did.
    case labelShift
    /// The texts look different; what they mean has not changed.
    case covariateShift
    /// The same texts carry other labels.
    case conceptDrift
    /// As often right as before, but too sure or too shy.
    case calibrationOnly
    /// What comes in is broken: repeats, unknown tokens, another language, unreadable rows.
    case dataFault
    /// It began when Hone put another model in place.
    case ownSwap
    /// Something changed, and what is known does not say why.
    case unknown
}

/// One figure behind a diagnosis.
public struct CauseFigure: Sendable, Hashable, Codable {
    /// A short stable name such as `mistakes`, `domainArea`.
    public let name: String
    public let value: Double
    /// The same figure of the reference, where there is one.
    public let reference: Double?
    /// The chance of such a difference where nothing changed, where a test was made.
    public let pValue: Double?
}

/// A cause with everything that led to it.
public struct Diagnosis: Sendable, Hashable, Codable {
    public let cause: Cause
    /// Whether accuracy fell; nil where there are no labels to tell.
    public let accuracyFell: Bool?
    /// What happened, for a person who knows no statistics.
    public let sentence: String
    /// What is best done about it.
    public let remedy: String
    /// Every figure that was looked at.
    public let figures: [CauseFigure]
    /// When it began, as an index of rows.
    public let onset: Onset?
    /// What would have to be known to be surer, in words.
    public let missing: [String]
}

/// From which differences on a cause counts: effects first, significance second.
///
/// Shares are in 0…1. A difference must be large *and* unlikely to be chance, so that many rows do
/// not make every trifle a cause.
public struct CausePolicy: Sendable, Hashable, Codable {
    /// The chance up to which a difference is not thought to be luck.
    public var significance = 0.01
    /// Rise of the share of mistakes from which accuracy fell, where no alarm says so.
    public var mistakesRise = 0.03
    /// Part of the new mistakes that must lie on familiar texts before those are why accuracy fell. Where looks
    /// have nothing to do with it that is half of them.
    public var familiarPart = 1.0 / 3
    /// Fewer familiar texts cannot show that the model is as good on them as ever.
    public var fewestFamiliar = 30
    /// Part of the rows that changed their class.
    public var classShift = 0.1
    /// Area under the ROC from which inputs look different.
    public var domainArea = 0.6
    /// Rise of the calibration error.
    public var calibrationRise = 0.02
    /// Rise of the share of repeated texts.
    public var duplicatesRise = 0.2
    /// Rise of the share of unknown tokens.
    public var unknownTokensRise = 0.1
    /// Rise of the share of texts in another language.
    public var foreignTextsRise = 0.1
    /// Rise of the share of texts that have the commonest length.
    public var sameLengthsRise = 0.2
    /// Rise of the share of rows that cannot be read.
    public var rejectedRowsRise = 0.05

    public init() {}
}
