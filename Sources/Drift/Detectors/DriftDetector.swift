/// What a detector says after a value.
public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Nothing speaks for a change.
    case stable
    /// Something may be changing; collect labels, do not act.
    case warning
    /// The stream has changed.
    case drift

    private var rank: Int {
        switch self {
        case .stable: 0
        case .warning: 1
        case .drift: 2
        }
    }

    public static func < (one: Verdict, other: Verdict) -> Bool { one.rank < other.rank }
}

/// A sequential test that watches one number after another and says when their law has changed.
///
/// A detector is a value: it holds no clock and does no I/O, so feeding the same numbers to a new
/// one gives the same state. That is how the daemon restores its detectors after a restart.
///
/// All indices count the values taken since the detector was made or `reset`, from 0.
///
/// A value outside the detector's domain (see `accepts`; NaN never belongs to it) is refused: it
/// changes nothing, is not counted, and `update` gives back the verdict that stood before.
public protocol DriftDetector: Sendable, Equatable {
    /// The name under which detections are stored, such as `"ADWIN"`.
    static var name: String { get }

    /// The verdict after the last value; `.stable` at the start.
    var verdict: Verdict { get }

    /// How many values were taken.
    var observations: Int { get }

    /// The index of the first value that seems to follow the new law, where the detector has a view of it.
    ///
    /// It answers "since when?" and is an estimate; read it while the verdict is not `.stable`.
    var changeBegan: Int? { get }

    /// Whether `x` lies in the detector's domain.
    func accepts(_ x: Double) -> Bool

    /// Takes the next value and says what to think of the stream now.
    @discardableResult
    mutating func update(_ x: Double) -> Verdict

    /// Forgets everything; afterwards the detector equals a new one with the same parameters.
    mutating func reset()
}

extension DriftDetector {
    /// The name under which detections are stored.
    public var name: String { Self.name }
}
