/// Through which day the labels are complete enough to be judged.
///
/// Labels come late, and wrong predictions are often labelled first: a day read too early looks
/// worse than it was. A day belongs to the time of the prediction, not of the label. It closes when
/// it is over and at least `share` of its expected labels arrived, or, so that one lost day does not
/// stop the clock for ever, when `patience` days have passed. The watermark is the last day of the
/// unbroken run of closed ones: estimates read rows up to it; later labels still join their day.
///
/// Expected labels are told by the caller: each prediction counts with its chance of ever being
/// labelled (1 where all are, the audit share where a sample is). Memory: one entry for each open
/// day; days behind the watermark are folded into it.
public struct LabelWatermark: Sendable, Hashable, Codable {
    /// How a day stands.
    public enum State: String, Sendable, Hashable, Codable {
        /// Not over, or too few labels yet.
        case open
        /// Over, with enough labels.
        case closed
        /// Over for `patience` days without enough labels; whoever reads it should say so.
        case expired
    }

    /// A day and its labels.
    public struct Day: Sendable, Hashable, Codable {
        /// The day's number: its first second divided by 86 400.
        public let number: Int
        /// Labels that are to be expected.
        public fileprivate(set) var expected = 0.0
        /// Labels that came.
        public fileprivate(set) var arrived = 0
        public fileprivate(set) var state = State.open

        /// The part of the expected labels that came, in 0…1; 1 where none was expected.
        public var share: Double { expected > 0 ? min(1, Double(arrived) / expected) : 1 }
    }

    /// The part of the expected labels that closes a day, in (0, 1].
    public let share: Double
    /// Days after its end when a day is closed whatever is missing.
    public let patience: Int

    /// The last day of the unbroken run of closed or expired days; nil before there is one.
    public private(set) var through: Int?
    /// How many of the days behind the watermark expired.
    public private(set) var expiredDays = 0

    private var open: [Int: Day] = [:]

    public init(share: Double = 0.8, patience: Int = 14) {
        precondition(share > 0 && share <= 1, "a share of labels must lie in (0, 1], not \(share)")
        precondition(patience >= 0, "patience cannot be negative: \(patience) days")
        self.share = share
        self.patience = patience
    }

    /// Whether a time is one: within thirty million years.
    private static func isDated(_ time: Double) -> Bool { abs(time) < 1e15 }

    /// The day of a time in seconds.
    public static func day(of time: Double) -> Int { Int((time / 86_400).rounded(.down)) }

    /// The days that are not behind the watermark, in order, as they stood at the last `advance`.
    public var days: [Day] { open.values.sorted { $0.number < $1.number } }

    /// Counts a prediction with its chance of ever being labelled, in 0…1.
    public mutating func expect(at time: Double, chance: Double = 1) {
        guard Self.isDated(time), chance >= 0, chance <= 1 else { return }
        change(Self.day(of: time)) { $0.expected += chance }
    }

    /// Counts a label by the time of its prediction.
    public mutating func arrive(predictedAt time: Double) {
        guard Self.isDated(time) else { return }
        change(Self.day(of: time)) { $0.arrived += 1 }
    }

    /// Closes what can be closed now and moves the watermark; it never moves back.
    public mutating func advance(now: Double) {
        guard Self.isDated(now) else { return }
        let today = Self.day(of: now)
        for number in open.keys {
            guard var day = open[number] else { continue }
            let isOver = number < today
            day.state =
                isOver && day.share >= share
                ? .closed : isOver && today - number > patience ? .expired : .open
            open[number] = day
        }
        while let first = open.keys.min(), let day = open[first], day.state != .open {
            // A day without any prediction lies between: there is nothing to wait for.
            through = max(through ?? first, first)
            expiredDays += day.state == .expired ? 1 : 0
            open[first] = nil
        }
    }

    /// Whether a prediction's day is behind the watermark.
    public func covers(_ time: Double) -> Bool {
        through.map { Self.isDated(time) && Self.day(of: time) <= $0 } ?? false
    }

    private mutating func change(_ number: Int, _ body: (inout Day) -> Void) {
        // Behind the watermark nothing is counted any more.
        guard number > through ?? .min else { return }
        body(&open[number, default: Day(number: number)])
    }
}
