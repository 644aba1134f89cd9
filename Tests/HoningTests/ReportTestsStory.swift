import Drift
import Foundation
import Honing

/// The story of the demo, drawn by a seeded generator: movie reviews, then tweets, an alarm, a
/// retrain, a promotion, recovery. Nothing in it is measured; it gives the renderers real shapes.
struct Story {
    enum Chapter: CaseIterable {
        /// All is well on movies.
        case movies
        /// The tweets came, the alarm was raised, nothing is done yet.
        case alarm
        /// A run is under way.
        case training
        /// The gate refused the challenger.
        case refused
        /// Version 2 has been live for a while.
        case recovered
        /// Version 2 is live since a moment.
        case justPromoted
    }

    static let labels = ["negative", "neutral", "positive"]
    /// 23 November 2026, 08:00 UTC.
    static let start = Date(timeIntervalSince1970: 1_795_420_800)
    private static let settings = WatchingSettings()

    let chapter: Chapter
    private var random = SplitMix64(seed: 7)
    private var rows: [ReportRow] = []
    private var profile = StreamProfile(classCount: 3)
    private var reference = StreamProfile(classCount: 3)

    init(_ chapter: Chapter) {
        self.chapter = chapter
        for _ in 0..<1_000 { reference.count(row(minute: 0, accuracy: 0.814, isTweet: false, version: 1)) }
    }

    static func minute(_ minute: Double) -> Date { start.addingTimeInterval(minute * 60) }

    /// The facts of the chapter; the same at every call.
    static func facts(_ chapter: Chapter) throws -> ReportFacts {
        var story = Story(chapter)
        return try story.tell()
    }

    private mutating func tell() throws -> ReportFacts {
        let end: Double =
            switch chapter {
            case .movies: 180
            case .alarm: 200
            case .training: 203
            case .refused: 215
            case .recovered: 300
            case .justPromoted: 216
            }
        for minute in stride(from: 0.0, to: end, by: 0.2) {
            let isTweet = minute >= 180
            let version = minute >= 214 && (chapter == .recovered || chapter == .justPromoted) ? 2 : 1
            let accuracy = version == 2 ? 0.812 : isTweet ? 0.57 : 0.814
            rows.append(row(minute: minute, accuracy: accuracy, isTweet: isTweet, version: version))
        }
        var facts = ReportFacts(
            now: Self.minute(end), since: Self.start, until: Self.minute(end), modelName: "sentiment")
        facts.rows = rows
        facts.standing = try standing()
        facts.decision =
            chapter == .alarm
            ? "there are only 98 of 200 new labels needed to learn from" : "nothing speaks for a training"
        facts.promotions = [
            ReportPromotion(
                at: Self.start, version: 1, previousVersion: nil, kind: "initial", reason: "first model",
                actor: "root",
                runID: nil)
        ]
        if chapter != .movies {
            facts.detections = [
                ReportDetection(
                    at: Self.minute(187.4), detector: ShiryaevRoberts.name, verdict: .warning, evidence: 3.3,
                    threshold: 4.3, changeBeganAt: Self.minute(180.4), version: 1),
                ReportDetection(
                    at: Self.minute(190), detector: ShiryaevRoberts.name, verdict: .drift, evidence: 4.4,
                    threshold: 4.3,
                    changeBeganAt: Self.minute(180.2), version: 1),
                ReportDetection(
                    at: Self.minute(192), detector: ADWIN.name, verdict: .drift, evidence: 0.42,
                    threshold: 0.19,
                    changeBeganAt: Self.minute(180.6), version: 1),
            ]
        }
        facts.runs = try runs()
        facts.versions = try versions()
        if chapter == .recovered || chapter == .justPromoted {
            facts.promotions.append(
                ReportPromotion(
                    at: Self.minute(214), version: 2, previousVersion: 1, kind: "promoted", reason: "run 1",
                    actor: "policy",
                    runID: 1))
        }
        return facts
    }

    private mutating func row(minute: Double, accuracy: Double, isTweet: Bool, version: Int) -> ReportRow {
        let mix = isTweet ? [0.25, 0.35, 0.40] : [0.42, 0.16, 0.42]
        let draw = Double.random(in: 0..<1, using: &random)
        let truth = draw < mix[0] ? 0 : draw < mix[0] + mix[1] ? 1 : 2
        // Tweets hurt the neutral class most.
        let own =
            isTweet && version == 1 && truth == 1
            ? accuracy - 0.3 : isTweet && version == 1 ? accuracy + 0.13 : accuracy
        let isRight = Double.random(in: 0..<1, using: &random) < own
        let predicted = isRight ? truth : (truth + Int.random(in: 1...2, using: &random)) % 3
        let confidence =
            isRight
            ? Double.random(in: 0.55..<0.99, using: &random) : Double.random(in: 0.4..<0.85, using: &random)
        let tokens =
            isTweet ? Int.random(in: 6...26, using: &random) : Int.random(in: 14...60, using: &random)
        return ReportRow(
            at: Self.minute(minute), label: Self.labels[truth], predicted: Self.labels[predicted],
            loss: isRight ? 0 : 1, lossInNats: isRight ? 1 - confidence : 1.6, confidence: confidence,
            tokens: tokens,
            unknownTokens: isTweet && tokens % 3 == 0 ? 1 : 0, version: version)
    }

    private mutating func standing() throws -> Standing {
        let version = rows.last!.version
        let own = rows.filter { $0.version == version }
        let promotedAt = version == 1 ? Self.start : Self.minute(214)
        var standing = Standing(
            try decoded(
                """
                {"name": "sentiment", "version": \(version), "labels": ["negative", "neutral", "positive"],
                 "promotedAt": "\(promotedAt.ISO8601Format())", "checksum": "9f2c41d7",
                 "kind": "\(version == 1 ? "initial" : "promoted")"}
                """))
        let baseline = Baseline(errors: version == 1 ? 186 : 92, count: version == 1 ? 1_000 : 512)
        var detector = ShiryaevRoberts(baseline: baseline.bound, averageRunLength: 20_000)
        for row in own { detector.update(row.loss) }
        standing.accuracy = Status.Accuracy(
            errors: own.reduce(0) { $0 + $1.loss }, count: own.count, needed: 200, since: promotedAt,
            baseline: .init(baseline),
            window: .init(own.suffix(Self.settings.window)))
        standing.evidence = Status.Evidence(detector, labelsPerDay: 7_200)
        if version == 1 {
            for row in own.suffix(chapter == .movies ? 500 : 110) { profile.count(row) }
        } else {
            reference = StreamProfile(classCount: 3)
            for _ in 0..<512 { reference.count(row(minute: 0, accuracy: 0.82, isTweet: true, version: 2)) }
            for row in own.suffix(500) { profile.count(row) }
        }
        standing.inputs = profile.shifts(from: reference).map { InputShift($0, settings: Self.settings) }
        let total = Double(reference.count)
        for (label, count) in zip(Self.labels, reference.classes) {
            standing.classShares[label] = Double(count) / total
        }
        if version == 1, chapter != .movies {
            standing.alarm = try decoded(
                """
                {"at": "\(Self.minute(190).ISO8601Format())", "changeBeganAt": "\(Self.minute(180.2).ISO8601Format())",
                 "sentence": "accuracy fell below what version 1 promised"}
                """)
        }
        return standing
    }
}

extension StreamProfile {
    fileprivate mutating func count(_ row: ReportRow) {
        add(
            classIndex: Story.labels.firstIndex(of: row.predicted)!, confidence: row.confidence,
            tokens: row.tokens,
            unknownTokens: row.unknownTokens)
    }
}

/// A value from JSON, as `hone` reads it from the daemon.
func decoded<Value: Decodable>(_ json: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(Value.self, from: Data(json.utf8))
}

/// A value as JSON, as the daemon sends it.
func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
