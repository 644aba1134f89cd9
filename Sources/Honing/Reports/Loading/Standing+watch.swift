import Drift
import Foundation
import Store

extension Standing {
    /// What the watch saw, in the words of status and report.
    init(_ watch: DriftWatch, model: Status.Model, settings: WatchingSettings, at now: Date) {
        self.init(model)
        let rows = watch.window.map { ReportRow($0, version: watch.version) }
        accuracy = Status.Accuracy(
            errors: watch.loss, count: watch.count, needed: settings.minimumLabels, since: model.promotedAt,
            baseline: .init(watch.baseline), window: .init(rows, hasClasses: model.hasClasses))
        // Minutes after a promotion a rate says nothing.
        let days = now.timeIntervalSince(model.promotedAt) / 86_400
        evidence = Status.Evidence(
            watch.detector, labelsPerDay: days > 1.0 / 24 ? Double(watch.count) / days : nil)
        // Where one side is empty nothing moved and nothing stayed.
        inputs = watch.shifts.filter { $0.currentCount > 0 && $0.referenceCount > 0 }
            .map { InputShift($0, settings: settings) }
        alarm = watch.alarm.map {
            Status.Alarm(
                at: $0.row.at, changeBeganAt: $0.changeBeganAt,
                sentence: "\(model.rowScore) fell below what version \(watch.version) promised")
        }
        let reference = watch.reference
        let total = Double(max(1, reference.profile.count))
        for (label, count) in zip(reference.labels, reference.profile.classes) {
            classShares[label] = Double(count) / total
        }
    }
}

extension ReportRow {
    init(_ observation: Observation, version: Int) {
        self.init(
            at: observation.at, label: observation.label, predicted: observation.predicted,
            loss: observation.loss,
            lossInNats: observation.lossInNats, confidence: observation.confidence,
            tokens: observation.tokens,
            unknownTokens: observation.unknownTokens, version: version)
    }
}
