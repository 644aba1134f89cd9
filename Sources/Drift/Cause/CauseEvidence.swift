/// A part of a whole, counted then and now: mistakes of labelled rows, repeats of all texts.
public struct ShareChange: Sendable, Hashable, Codable {
    public let current: Int
    public let currentCount: Int
    public let reference: Int
    public let referenceCount: Int

    public init(_ current: Int, of currentCount: Int, before reference: Int, of referenceCount: Int) {
        requireProportion(current, of: currentCount)
        requireProportion(reference, of: referenceCount)
        self.current = current
        self.currentCount = currentCount
        self.reference = reference
        self.referenceCount = referenceCount
    }

    /// 0 without rows.
    public var currentShare: Double { currentCount == 0 ? 0 : Double(current) / Double(currentCount) }
    /// 0 without rows.
    public var referenceShare: Double { referenceCount == 0 ? 0 : Double(reference) / Double(referenceCount) }
    /// By how much the share grew, −1…1; 0 where a side has no rows.
    public var rise: Double { currentCount == 0 || referenceCount == 0 ? 0 : currentShare - referenceShare }

    /// Two-sided p of Pearson's test that nothing changed.
    public var pValue: Double {
        chiSquared(
            of: [current, currentCount - current], against: [reference, referenceCount - reference]
        ).pValue
    }
}

/// What speaks for one cause of a change or another; everything that is not known is nil or empty.
///
/// "Reference" is the stretch that the live model was judged on at its promotion, "current" the rows
/// since the change or the newest window. Only rows that may speak for all (`LabelSelection`) belong
/// into the counts of mistakes.
public struct CauseEvidence: Sendable, Hashable, Codable {
    /// The labels' names, in label order.
    public var labels: [String]
    /// Mistakes among labelled rows.
    public var mistakes: ShareChange?
    /// Whether the alarm on accuracy stands, which weighs more than a look at `mistakes`.
    public var alarmStands: Bool
    /// Mistakes among the rows that look like the reference (`DomainClassifier.familiar`) now, among all
    /// reference rows then.
    public var familiarMistakes: ShareChange?
    /// Rows a class, by their labels or else by the predictions, now and then.
    public var classCounts: [Int]
    public var referenceClassCounts: [Int]
    /// Confusion of labelled rows now and then: do the classes look to the model as they did?
    public var confusion: ConfusionMatrix?
    public var referenceConfusion: ConfusionMatrix?
    /// Where labels are missing: whether old classes in new shares explain the predictions.
    public var labelShiftFit: TwoSampleTest?
    /// Expected calibration error now and then, of as many rows.
    public var calibrationError: Double?
    public var referenceCalibrationError: Double?
    /// Whether current vectors can be told from those of the reference.
    public var domain: DomainFigures?
    /// Texts that repeat an earlier one.
    public var duplicates: ShareChange?
    /// Tokens that the vocabulary does not know.
    public var unknownTokens: ShareChange?
    /// Texts that are not in the language of the reference.
    public var foreignTexts: ShareChange?
    /// Texts as long as the commonest length in characters: what a column that became too narrow leaves.
    public var sameLengths: ShareChange?
    /// Rows that could not be read: missing fields, labels outside of the label set, empty texts.
    public var rejectedRows: ShareChange?
    /// When the change began, as an index of rows, and the index at which the live model was put in
    /// place, if that was within the same rows.
    public var onset: Onset?
    public var swapIndex: Int?

    public init(labels: [String]) {
        self.labels = labels
        alarmStands = false
        classCounts = []
        referenceClassCounts = []
    }

    /// The two figures of a domain classifier that a decision reads.
    public struct DomainFigures: Sendable, Hashable, Codable {
        public let area: Double
        public let pValue: Double

        public init(area: Double, pValue: Double) {
            self.area = area
            self.pValue = pValue
        }

        public init(_ classifier: DomainClassifier) {
            self.init(area: classifier.area, pValue: classifier.pValue)
        }
    }
}
