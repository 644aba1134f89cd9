public import Drift
public import Foundation

/// All that is known about how the live version does, as a value: rows go in one by one, events
/// come out. It holds no clock and no store, so replaying the stored rows gives the same state,
/// and a restart of the daemon equals no restart.
public struct DriftWatch: Sendable {
    /// What the watch is told to hold to.
    public struct Settings: Sendable, Equatable {
        /// How many of the newest rows form the current window.
        public var window: Int
        /// What is added to the upper bound of the baseline before a rise counts, in error rate.
        public var tolerance: Double
        /// The promise: at least so many labels to a false alarm, on average.
        public var averageRunLength: Double
        /// ADWIN's confidence parameter.
        public var adwinDelta: Double

        public init(
            window: Int = 500, tolerance: Double = 0.01, averageRunLength: Double = 20_000,
            adwinDelta: Double = 0.002
        ) {
            self.window = window
            self.tolerance = tolerance
            self.averageRunLength = averageRunLength
            self.adwinDelta = adwinDelta
        }
    }

    /// Something that happened to the stream.
    public struct Event: Sendable, Equatable {
        public var detector: String
        public var verdict: Verdict
        /// The row that tipped it.
        public var row: Observation
        /// When the change began, as far as the detector can tell.
        public var changeBeganAt: Date?
        /// The first row after the change, likewise.
        public var changeBeganWith: Int64?
        /// Natural units of the detector: log10 of the e-value, or the mean that ADWIN cut to.
        public var evidence: Double
        public var threshold: Double
    }

    public let version: Int
    public let reference: Reference
    public let settings: Settings
    /// The newest rows and some before them, which are let go of now and then, not with each row.
    private var recent: [Observation] = []
    public private(set) var count = 0
    /// Labelled rows that do not count, because they were chosen for what the model answered.
    public private(set) var apart = 0
    public private(set) var loss = 0.0
    /// The alarm that this version raised; a version raises at most one.
    public private(set) var alarm: Event?
    /// After how many rows it did so.
    public private(set) var countAtAlarm = 0
    public private(set) var detector: ShiryaevRoberts
    private var adwin: ADWIN
    private var lastVerdict = Verdict.stable
    private var timeline = Timeline()

    public init(version: Int, reference: Reference, settings: Settings = Settings()) {
        self.version = version
        self.reference = reference
        self.settings = settings
        detector = ShiryaevRoberts(
            baseline: reference.baseline(tolerance: settings.tolerance).bound,
            averageRunLength: settings.averageRunLength)
        adwin = ADWIN(delta: settings.adwinDelta)
    }

    /// What the version promised, tolerance included.
    public var baseline: Baseline { reference.baseline(tolerance: settings.tolerance) }

    /// Takes one row in and says what it changed.
    public mutating func observe(_ row: Observation) -> [Event] {
        guard row.isRepresentative else {
            apart += 1
            return []
        }
        count += 1
        loss += row.loss
        recent.append(row)
        if recent.count >= 2 * settings.window { recent.removeFirst(recent.count - settings.window) }
        timeline.append(row)
        return [observeEvidence(row), observeMean(row)].compactMap { $0 }
    }

    private mutating func observeEvidence(_ row: Observation) -> Event? {
        let verdict = detector.update(row.loss)
        defer { lastVerdict = verdict }
        guard alarm == nil, verdict != .stable, verdict != lastVerdict else { return nil }
        let began = detector.changeBegan.flatMap { timeline[$0] }
        let event = Event(
            detector: ShiryaevRoberts.name, verdict: verdict, row: row, changeBeganAt: began?.at,
            changeBeganWith: began?.id, evidence: detector.log10Evidence, threshold: detector.log10Threshold)
        if verdict == .drift {
            alarm = event
            countAtAlarm = count
        }
        return event
    }

    private mutating func observeMean(_ row: Observation) -> Event? {
        let before = adwin.estimation
        guard adwin.update(row.loss) == .drift else { return nil }
        let began = adwin.changeBegan.flatMap { timeline[$0] }
        return Event(
            detector: ADWIN.name, verdict: .drift, row: row, changeBeganAt: began?.at,
            changeBeganWith: began?.id, evidence: adwin.estimation, threshold: before)
    }

    // MARK: Readings

    /// The newest rows, oldest first; at most `settings.window`.
    public var window: ArraySlice<Observation> { recent.suffix(settings.window) }

    /// Whether answers are classes, right or wrong.
    var hasClasses: Bool { reference.labels.count > 1 }

    /// How the inputs and outputs of the window moved away from the baseline's.
    public var shifts: [ProfileShift] {
        var profile = StreamProfile(classCount: reference.profile.classes.count)
        for row in window { profile.add(row, labels: reference.labels) }
        // Of a single class there are no shares that could move.
        return profile.shifts(from: reference.profile).filter { hasClasses || $0.aspect != .classes }
    }

    /// The share of right predictions since promotion with its anytime-valid 95 % interval.
    public var accuracy: (estimate: Double, interval: ClosedRange<Double>)? {
        guard count > 0 else { return nil }
        let error = binomialConfidenceSequence(errors: Int(loss.rounded()), count: count, alpha: 0.05)
        return (1 - loss / Double(count), (1 - error.upperBound)...(1 - error.lowerBound))
    }

    /// The share of right predictions in the window.
    public var windowAccuracy: Double? {
        window.isEmpty ? nil : 1 - window.reduce(0) { $0 + $1.loss } / Double(window.count)
    }
}

/// When each row since promotion was observed: what turns a detector's index into a date.
/// Remembers the newest hundred thousand rows at least; a change older than that has no date.
private struct Timeline: Sendable {
    private static let capacity = 100_000
    private var rows: [(id: Int64, at: Date)] = []
    private var forgotten = 0

    mutating func append(_ row: Observation) {
        rows.append((row.exampleID, row.at))
        guard rows.count >= 2 * Self.capacity else { return }
        rows.removeFirst(Self.capacity)
        forgotten += Self.capacity
    }

    subscript(index: Int) -> (id: Int64, at: Date)? {
        rows.indices.contains(index - forgotten) ? rows[index - forgotten] : nil
    }
}
