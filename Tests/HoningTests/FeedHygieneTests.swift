import Corpus
import Foundation
import Honing
import Store
import Testing

@Suite struct FeedHygieneTests {
    private static let words = [
        "apple", "river", "stone", "cloud", "tiger", "piano", "lemon", "ocean", "candle", "forest", "mirror",
        "garden",
    ]

    /// A row whose text nothing else resembles.
    private func row(
        _ id: Int64, _ split: Split = .train, source: String = "feed", label: String = "good",
        text: String? = nil
    ) -> StoredExample {
        let number = Int(id)
        let unlike = (1...6).map { place -> String in
            let word = Self.words[number * 7 * place % 12]
            return "\(word)\(number * 31 + place)"
        }
        return StoredExample(
            id: id, contentHash: ContentHash(ofBytes: Data("\(id)".utf8)).hex,
            text: text ?? unlike.joined(separator: " "), target: .label(label),
            receivedAt: Date(timeIntervalSince1970: Double(id)), source: source, split: split,
            scoring: .scored)
    }

    private func reasons(_ hygiene: FeedHygiene) -> [Int64: LeftOut.Reason] {
        Dictionary(hygiene.leftOut.map { ($0.row.id, $0.reason) }, uniquingKeysWith: { first, _ in first })
    }

    @Test
    func
        `what judges is not learned in another guise, what chooses neither, and repetitions are learned once`()
        async
    {
        let text = "the film was a long walk through a very quiet town"
        let judge = row(1, .holdout, text: text)
        let new = [
            row(10, text: text + "!"), row(11),
            row(12, .development, text: "nobody in the hall had seen such a thing before"),
            row(13, text: "Nobody in the hall had seen such a thing before."),
            row(14, text: "we laughed until the lights went on again in there"),
            row(15, text: "we laughed until the lights went on again in there."),
        ]
        let old = [
            row(2, text: text.uppercased()),
            row(3, text: "we laughed until the lights went on again in there!"),
        ]
        var hygiene = FeedHygiene()
        let kept = await hygiene.withoutNearDuplicates(.init(new: new, old: old), of: [judge])

        #expect(kept.new.map(\.id) == [11, 12, 15])
        #expect(kept.old.isEmpty)
        #expect(
            reasons(hygiene) == [10: .leak, 2: .leak, 13: .leak, 14: .nearDuplicate, 3: .nearDuplicate])
        let later = [row(20, text: "we laughed until the lights went on again in there …"), row(21)]
        #expect(hygiene.unlearned(later, after: 15).map(\.id) == [21])
        #expect(hygiene.unlearned(later, after: 20).map(\.id) == [20, 21])
    }

    @Test func `a hundred rows that have nothing in common are all kept`() async {
        let rows = FeedHygiene.Rows(new: (50..<100).map { row($0) }, old: (10..<50).map { row($0) })
        var hygiene = FeedHygiene()
        var kept = await hygiene.withoutNearDuplicates(rows, of: (100..<110).map { row($0, .holdout) })
        kept = hygiene.withoutFloods(kept)
        kept = hygiene.withoutDoubtful(kept, [])

        #expect(kept == rows)
        #expect(hygiene.leftOut.isEmpty && hygiene.counts(ofRun: 1).isEmpty)
    }

    /// Sure answers to rows, of which some speak against the label.
    private func answers(_ rows: [StoredExample], against: Int) -> [ConfidentAnswer] {
        rows.enumerated().map { place, row in
            ConfidentAnswer(
                exampleID: row.id, modelVersion: 4, predictedLabel: place < against ? "bad" : row.label,
                confidence: 0.97)
        }
    }

    @Test func `slips go with their reason, lessons stay`() {
        let old = (1..<101).map { row($0) }
        let new = (101..<201).map { row($0) }
        let said = answers(old, against: 4) + answers(new, against: 60)
        var hygiene = FeedHygiene()
        let kept = hygiene.withoutDoubtful(.init(new: new, old: old), said)

        #expect(kept.new == new)
        #expect(kept.old == Array(old.dropFirst(4)))
        let doubtful = hygiene.doubtful(said)
        #expect(doubtful.map { $0.row.id } == [1, 2, 3, 4])
        #expect(
            doubtful.first?.reason
                == "the label \"good\" is in doubt: version 4 is sure of \"bad\", by 97.0 %")
        #expect(hygiene.counts(ofRun: 7) == [LeftOut(runID: 7, reason: .slip, source: "feed", rows: 4)])
    }

    @Test func `one source against all others is not learned where it is contradicted`() {
        let sound = (1..<101).map { row($0) }
        let odd = (101..<151).map { row($0, source: "form") }
        let said = answers(sound, against: 0) + answers(odd, against: 45)
        var hygiene = FeedHygiene()
        let kept = hygiene.withoutDoubtful(.init(new: sound + odd, old: []), said)

        #expect(kept.new == sound + odd.dropFirst(45))
        #expect(hygiene.counts(ofRun: 7) == [LeftOut(runID: 7, reason: .liar, source: "form", rows: 45)])
        #expect(hygiene.doubtful(said).allSatisfy { $0.reason.hasSuffix("other sources bear it out") })
    }

    @Test func `of a flood the newest rows are learned, and rows that judge or choose stay`() {
        let old = (1..<301).map { row($0) }
        let feed = (301..<601).map { row($0) }
        let flood =
            (601..<2_601).map { row($0, source: "form") }
            + [row(3_000, .development, source: "form")]
        var hygiene = FeedHygiene()
        let kept = hygiene.withoutFloods(.init(new: feed + flood, old: old))

        #expect(kept.new == feed + flood.suffix(301))
        #expect(hygiene.counts(ofRun: 7) == [LeftOut(runID: 7, reason: .flood, source: "form", rows: 1_700)])
    }

    @Test func `what is switched off lets all through`() async {
        let rows = FeedHygiene.Rows(new: [row(1), row(2, text: row(1).text)], old: [])
        var hygiene = FeedHygiene(.init(nearDuplicates: nil, labelDoubt: nil, sourceShare: nil))
        var kept = await hygiene.withoutNearDuplicates(rows, of: rows.new)
        kept = hygiene.withoutDoubtful(kept, answers(rows.new, against: 2))
        kept = hygiene.withoutFloods(kept)

        #expect(kept == rows)
        #expect(hygiene.unlearned(rows.new, after: 0) == rows.new)
    }
}
