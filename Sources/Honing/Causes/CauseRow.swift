import Drift
package import Foundation

/// One labelled row with its text and what was said to it: what a cause is sought in.
package struct CauseRow: Sendable, Equatable {
    package var text: String
    package var label: String
    package var predicted: String
    package var confidence: Double
    package var tokens: Int
    package var unknownTokens: Int
    /// Where it was fetched from, or how feedback chose it.
    package var source: String
    package var at: Date
    /// What else its source said of it.
    package var metadata: [String: String]
    /// What the answer lost where it can be partly right; `nil` where the two labels tell.
    private var partialLoss: Double?

    /// - Parameter loss: the bounded loss; `nil` where the two labels tell.
    package init(
        text: String, label: String, predicted: String, confidence: Double, tokens: Int = 0,
        unknownTokens: Int = 0, source: String, at: Date, metadata: [String: String] = [:],
        loss: Double? = nil
    ) {
        self.text = text
        self.label = label
        self.predicted = predicted
        self.confidence = confidence
        self.tokens = tokens
        self.unknownTokens = unknownTokens
        self.source = source
        self.at = at
        self.metadata = metadata
        partialLoss = loss
    }

    /// The bounded loss, in [0, 1]; for classification 0 or 1.
    package var loss: Double { partialLoss ?? (label == predicted ? 0 : 1) }

    /// Whether it is more wrong than right.
    package var isWrong: Bool { loss >= 0.5 }

    /// Whether the row may speak for all: a correction comes because an answer was wrong, and a row that
    /// was chosen because the model was unsure is a hard one.
    var isRepresentative: Bool { LabelOrigin(source: source).isRepresentative }
}

/// Everything that a cause is sought in, read from the store beforehand.
package struct CauseFacts: Sendable {
    /// The labels of the live version.
    package var labels: [String]
    /// Its newest rows; where a change was dated, those since then. Oldest first.
    package var current: [CauseRow]
    /// The rows that it is held against; empty where there are none.
    package var reference: [CauseRow]
    package var referenceKind: ReferenceKind
    /// Mistakes of the version when it was judged.
    package var promisedErrors: Int
    package var promisedCount: Int
    package var alarmStands: Bool
    package var onset: DatedOnset?
    /// What came in since the first current row, and before it.
    package var intake: (now: Intake, before: Intake)
    /// Tokens of the reference where its rows do not tell.
    package var referenceTokens: (all: Int, unknown: Int)?

    /// What the current rows are compared with.
    package enum ReferenceKind: String, Sendable {
        /// The rows that judged the version.
        case judged
        /// The rows that the version answered before the change.
        case before
    }

    package struct Intake: Sendable, Equatable {
        package var accepted: Int
        package var rejected: Int

        package init(accepted: Int, rejected: Int) {
            self.accepted = accepted
            self.rejected = rejected
        }
    }

    package init(
        labels: [String], current: [CauseRow], reference: [CauseRow] = [],
        referenceKind: ReferenceKind = .judged, promisedErrors: Int = 0, promisedCount: Int = 0,
        alarmStands: Bool = false, onset: DatedOnset? = nil,
        intake: (now: Intake, before: Intake) = (
            Intake(accepted: 0, rejected: 0), Intake(accepted: 0, rejected: 0)
        ),
        referenceTokens: (all: Int, unknown: Int)? = nil
    ) {
        self.labels = labels
        self.current = current
        self.reference = reference
        self.referenceKind = referenceKind
        self.promisedErrors = promisedErrors
        self.promisedCount = promisedCount
        self.alarmStands = alarmStands
        self.onset = onset
        self.intake = intake
        self.referenceTokens = referenceTokens
    }
}
