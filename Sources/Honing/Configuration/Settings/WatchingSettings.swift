public import Drift

/// What counts as a change.
public struct WatchingSettings: Sendable, Equatable {
    /// How many of the newest labelled rows form the current window.
    public var window = 500
    /// The rise of the error that nobody minds, a share.
    public var tolerance = 0.01
    /// At least so many labels lie between two false alarms, on average …
    public var falseAlarmLabels = 20_000
    /// … and at least so much time, at the observed rate of labels.
    public var falseAlarmInterval = Duration.seconds(90 * 86_400)
    /// ADWIN's δ: the diagnosis of when a change began.
    public var adwinDelta = 0.002
    /// Labels without which nothing is said about accuracy.
    public var minimumLabels = 200
    /// Population stability indices from which an input is worth a warning, and counts as moved.
    public var inputWarning = 0.1
    public var inputDrift = 0.25
    /// Feeds whose rows are learned from and count in no estimate: those of another kind than `audit_random`. No
    /// setting of its own, but what `sources` say.
    public internal(set) var apart: Set<String> = []

    public init() {}

    /// The labels between two false alarms that the alarm promises, at a rate of labels.
    public func averageRunLength(labelsPerDay: Double) -> Double {
        let days = falseAlarmInterval.inSeconds / 86_400
        return max(Double(falseAlarmLabels), labelsPerDay.isFinite ? days * labelsPerDay : 0)
    }

    /// What a shift of an input means here; chance alone (p > 0.01) means nothing.
    public func verdict(of shift: ProfileShift) -> Verdict {
        guard shift.currentCount > 0, shift.referenceCount > 0, shift.chiSquared.pValue <= 0.01 else {
            return .stable
        }
        if shift.populationStabilityIndex >= inputDrift { return .drift }
        return shift.populationStabilityIndex >= inputWarning ? .warning : .stable
    }
}

extension WatchingSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("window", \.window, .integer(50...100_000, example: 500)),
            Field("tolerance", \.tolerance, .share(0...0.5, example: 0.01)),
            Field("false_alarm_labels", \.falseAlarmLabels, .integer(100...1_000_000_000, example: 20_000)),
            Field(
                "false_alarm_interval", \.falseAlarmInterval,
                .duration(.seconds(0) ... .seconds(3_650 * 86_400))),
            Field("adwin_delta", \.adwinDelta, .number(1e-9...0.5, example: 0.002)),
            Field("minimum_labels", \.minimumLabels, .integer(20...1_000_000, example: 200)),
            Field("input_warning", \.inputWarning, .number(0.001...100, example: 0.1)),
            Field("input_drift", \.inputDrift, .number(0.001...100, example: 0.25)),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if inputDrift < inputWarning {
            report("input_drift", "is below input_warning", "the usual pair is 0.1 and 0.25")
        }
    }
}
