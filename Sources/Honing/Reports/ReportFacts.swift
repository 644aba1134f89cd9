package import Foundation

/// Everything that a drift report is made of, read from the store beforehand.
///
/// With this between them, building a report is a pure function: same facts, same report.
package struct ReportFacts: Sendable {
    package var now: Date
    package var since: Date
    package var until: Date
    package var modelName: String
    package var standing: Standing?
    /// Labelled rows of the stretch with what the version live at the time said, oldest first.
    package var rows: [ReportRow] = []
    package var detections: [ReportDetection] = []
    package var promotions: [ReportPromotion] = []
    /// Newest first.
    package var runs: [RunSummary] = []
    package var versions: [ModelSummary] = []
    /// Why nothing is trained now, from the daemon.
    package var decision: String?
    package var settings = WatchingSettings()
    /// What a cause is sought in.
    package var causes: CauseFacts?
    /// What the answers to clients say by themselves.
    package var labelFree: LabelFreeFacts?
    /// Who was told of it.
    package var alerts: [Status.AlertChannel]?
    /// Whether Hone trains by itself.
    package var isAutomatic = true

    package init(now: Date, since: Date, until: Date, modelName: String) {
        self.now = now
        self.since = since
        self.until = until
        self.modelName = modelName
    }
}

/// One labelled row and what was said to it.
package struct ReportRow: Sendable {
    /// When the model answered it: the clock of alarms and promotions too.
    package var at: Date
    /// When it happened in the world, which may be long before; detectors date changes by it.
    package var observedAt: Date
    package var label: String
    package var predicted: String
    /// In [0, 1]; for classification 0 or 1.
    package var loss: Double
    package var lossInNats: Double
    package var confidence: Double
    package var tokens: Int
    package var unknownTokens: Int
    package var version: Int

    package init(
        at: Date, label: String, predicted: String, loss: Double, lossInNats: Double, confidence: Double,
        tokens: Int,
        unknownTokens: Int, version: Int, observedAt: Date? = nil
    ) {
        self.at = at
        self.observedAt = observedAt ?? at
        self.label = label
        self.predicted = predicted
        self.loss = loss
        self.lossInNats = lossInNats
        self.confidence = confidence
        self.tokens = tokens
        self.unknownTokens = unknownTokens
        self.version = version
    }

    package var isCorrect: Bool { loss < 0.5 }
}

/// What a detector said.
package struct ReportDetection: Sendable {
    package var at: Date
    package var detector: String
    package var verdict: Level
    package var evidence: Double
    package var threshold: Double
    package var changeBeganAt: Date?
    package var version: Int

    package init(
        at: Date, detector: String, verdict: Level, evidence: Double, threshold: Double, changeBeganAt: Date?,
        version: Int
    ) {
        self.at = at
        self.detector = detector
        self.verdict = verdict
        self.evidence = evidence
        self.threshold = threshold
        self.changeBeganAt = changeBeganAt
        self.version = version
    }
}

/// A change of the live version.
package struct ReportPromotion: Sendable {
    package var at: Date
    package var version: Int
    package var previousVersion: Int?
    /// `initial`, `promoted`, `forced`, `rollback`.
    package var kind: String
    package var reason: String
    package var actor: String
    package var runID: Int64?

    package init(
        at: Date, version: Int, previousVersion: Int?, kind: String, reason: String, actor: String,
        runID: Int64?
    ) {
        self.at = at
        self.version = version
        self.previousVersion = previousVersion
        self.kind = kind
        self.reason = reason
        self.actor = actor
        self.runID = runID
    }
}
