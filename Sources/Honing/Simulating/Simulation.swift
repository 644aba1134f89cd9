public import Foundation

/// What another policy would have done with the stored history, beside what happened: `hone simulate`.
///
/// The JSON is an interface, like that of `Status`.
public struct Simulation: Codable, Sendable, Equatable {
    public var schema = 1
    public var since: Date
    public var until: Date
    /// The difference in a sentence.
    public var sentence: String
    /// What the policy has otherwise than the configuration: `retraining.cool_down: 6h → 1h`.
    public var changes: [String]
    /// Settings that differ too, and cannot move the start of a run.
    public var idle: [String]
    public var really: Tally
    public var policy: Tally
    /// In the order of time.
    public var events: [Event]
    /// What cannot be known, and what was assumed instead.
    public var assumptions: [String]

    /// The sum of a course.
    public struct Tally: Codable, Sendable, Equatable {
        public var alarms = 0
        public var runs = 0
        /// Versions that passed the gate and became live.
        public var promotions = 0
        /// Processor time of the runs, in seconds.
        public var cpuSeconds = 0.0
        /// Labelled rows that were seen before the first run started; absent without a run.
        public var labelsToFirstRun: Int?
        /// Labelled rows.
        public var rows = 0
        /// Wrong answers to them.
        public var mistakes = 0.0
        /// Rows whose answer is assumed, and the mistakes with the bounds of that assumption.
        public var assumedRows = 0
        public var leastMistakes = 0.0
        public var mostMistakes = 0.0
        /// Runs of which nothing tells what they would have given.
        public var unknownRuns = 0

        public init() {}
    }

    public struct Event: Codable, Sendable, Equatable {
        public enum Side: String, Codable, Sendable {
            case really, policy, both
        }
        public enum Kind: String, Codable, Sendable {
            case alarm, start, end, takeover
        }

        public var at: Date
        public var side: Side
        public var kind: Kind
        public var sentence: String
    }

    /// - Throws: `SimulationError` where no model was live.
    package init(
        _ settings: TriggerSettings, over current: TriggerSettings, through history: PolicyHistory,
        since: Date? = nil, until: Date
    ) throws {
        guard let first = history.takeovers.first?.at else { throw SimulationError.nothingLive }
        let since = max(since ?? first, first)
        guard since < until else { throw SimulationError.nothingYet(first) }
        guard
            let course = PolicySimulation.course(of: settings, through: history, since: since, until: until)
        else { throw SimulationError.noPromise }
        let real = SimulatedCourse(really: history, since: since, until: until)
        let changes = settings.changes(from: current)
        self.since = since
        self.until = until
        self.changes = changes.bearing
        idle = changes.idle
        really = real.tally
        policy = course.tally
        events = real.merged(with: course)
        sentence = Self.sentence(real.tally, course.tally)
        assumptions = Self.assumptions(course.tally)
    }

    private static func assumptions(_ tally: Tally) -> [String] {
        var words = [
            "A run of this policy is taken to end as the recorded one did that started next from the same version, "
                + "or the last before: with its verdict, its cost and its time. How accurate a version would have been "
                + "that was never trained nobody knows; one trained earlier has fewer labels and may be worse.",
            "Mistakes are counted on labelled rows; requests without a label are not.",
        ]
        if tally.assumedRows > 0 {
            words.append(
                "On \(counted(tally.assumedRows, "row")) another version answered than this policy would have had "
                    + "live. Its newest 500 known rows are taken to come again there, after an alarm those since the change, or "
                    + "its first 500 before it was live; the bounds are Wilson's at 95 % for that rate.")
        }
        if tally.unknownRuns > 0 {
            words.append(
                "\(counted(tally.unknownRuns, "run")) would have started from a version from which none ever did: "
                    + "counted with the median cost of all runs, and as if nothing had come of it.")
        }
        return words
    }
}

/// Why nothing can be simulated.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
    case nothingLive
    case nothingYet(Date)
    case noPromise

    public var description: String {
        switch self {
        case .nothingLive:
            "no version has been live yet, so there is no history: `hone import FOLDER` brings one in"
        case .nothingYet(let first):
            "the stretch ends before a version was live, which was first on \(moment(first)) UTC: take a later --until"
        case .noPromise:
            "the version that was live at the beginning has no readable promise to watch: take a later --since"
        }
    }
}
