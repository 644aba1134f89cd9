public import Drift
public import Foundation
public import Store

/// The figures of the current window, as they go into the `metric` table and onto the charts.
public struct WindowMetrics: Sendable, Equatable {
    /// Share of right predictions in the window, or 1 − their mean loss, with the Wilson interval of a fixed
    /// window.
    public var accuracy: Double
    public var interval: ClosedRange<Double>
    /// Of classes only.
    public var macroF1: Double?
    /// Mean negative log-likelihood of the true label, in nats.
    public var logLoss: Double
    /// Expected calibration error over 15 bins. Of classes only.
    public var calibrationError: Double?
    public var shifts: [ProfileShift]
    public var count: Int
    public var version: Int

    public init?(_ watch: DriftWatch) {
        let rows = watch.window
        guard !rows.isEmpty else { return nil }
        count = rows.count
        version = watch.version
        accuracy = 1 - rows.reduce(0) { $0 + $1.loss } / Double(count)
        interval = RightShare(rows.map(\.loss)).interval
        logLoss = rows.reduce(0) { $0 + $1.lossInNats } / Double(count)
        shifts = watch.shifts
        guard watch.hasClasses else { return }
        let labels = Set(rows.map(\.label)).union(rows.map(\.predicted)).sorted()
        var confusion = ConfusionMatrix(classCount: labels.count)
        for row in rows {
            confusion.add(
                truth: labels.firstIndex(of: row.label)!, prediction: labels.firstIndex(of: row.predicted)!)
        }
        macroF1 = confusion.macroF1 ?? 0
        calibrationError =
            expectedCalibrationError(confidences: rows.map(\.confidence), isCorrect: rows.map(\.isCorrect))
            ?? 0
    }

    /// One row of the `metric` table for each figure.
    public func metrics(at now: Date) -> [Metric] {
        func metric(_ name: String, _ value: Double, _ band: ClosedRange<Double>? = nil) -> Metric {
            Metric(
                at: now, name: name, value: value, lower: band?.lowerBound, upper: band?.upperBound,
                count: count, modelVersion: version)
        }
        return [
            metric("accuracy", accuracy, interval), macroF1.map { metric("macroF1", $0) },
            metric("logLoss", logLoss), calibrationError.map { metric("calibrationError", $0) },
        ].compactMap { $0 }
            + shifts.flatMap { shift in
                [
                    metric("psi.\(shift.aspect.rawValue)", shift.populationStabilityIndex),
                    metric("jensenShannon.\(shift.aspect.rawValue)", shift.jensenShannonDistance),
                ]
            }
    }
}
