import Drift
import Testing

@Suite struct LabelDoubtTests {
    private typealias Tally = LabelDoubt.Tally

    @Test func `contradictions are slips while the model keeps what its confidence promises`() {
        let doubt = LabelDoubt()
        #expect(doubt.weigh(["feed": Tally(rows: 500, confident: 200, contradicted: 10)]) == ["feed": .slips])
        #expect(
            doubt.weigh(["feed": Tally(rows: 500, confident: 200, contradicted: 11)]) == ["feed": .lessons])
        #expect(doubt.weigh(["feed": Tally(rows: 500, confident: 200, contradicted: 0)]) == [:])
    }

    @Test func `when all sources contradict it the world has changed`() {
        let turned = Tally(rows: 300, confident: 150, contradicted: 140)
        #expect(LabelDoubt().weigh(["a": turned, "b": turned]) == ["a": .lessons, "b": .lessons])
        #expect(LabelDoubt().weigh(["only": turned]) == ["only": .lessons])
    }

    @Test func `one source against all others lies`() {
        let sound = Tally(rows: 400, confident: 200, contradicted: 4)
        let odd = Tally(rows: 300, confident: 150, contradicted: 140)
        #expect(LabelDoubt().weigh(["a": sound, "b": odd]) == ["a": .slips, "b": .liar])

        // Fewer than three in ten of its rows are no lie, only another kind of text.
        let hard = Tally(rows: 300, confident: 150, contradicted: 80)
        #expect(LabelDoubt().weigh(["a": sound, "b": hard]) == ["a": .slips, "b": .lessons])
    }

    @Test func `a source of a few rows is weighed with all`() {
        let few = Tally(rows: 20, confident: 10, contradicted: 3)
        #expect(LabelDoubt().weigh(["few": few]) == ["few": .lessons])
        #expect(
            LabelDoubt().weigh(["few": few, "many": Tally(rows: 900, confident: 500, contradicted: 5)])
                == ["few": .slips, "many": .slips])
    }
}

@Suite struct SourceInfluenceTests {
    private let influence = SourceInfluence()

    @Test func `a trickle that becomes a flood is cut to half of the whole`() {
        let limits = influence.limits(
            now: ["feed": 1_000, "form": 9_000], before: ["feed": 5_000, "form": 50])
        #expect(limits == ["form": 1_000])
    }

    @Test func `the main source keeps its place, and growth up to three times is let through`() {
        #expect(influence.limits(now: ["feed": 9_500, "form": 500], before: ["feed": 9_000]).isEmpty)
        let grown = influence.limits(now: ["a": 7_000, "b": 3_000], before: ["a": 2_000, "b": 8_000])
        // .6 of the whole where b gives 3,000.
        #expect(grown == ["a": 4_500])
    }

    @Test func `nothing is cut where there is nothing to compare with, or few rows are all there are`() {
        #expect(influence.limits(now: ["a": 9_000], before: ["b": 10]).isEmpty)
        #expect(influence.limits(now: ["a": 9_000, "b": 10], before: [:]).isEmpty)
        #expect(influence.limits(now: ["a": 9_000, "b": 10], before: ["other": 70]).isEmpty)
        #expect(influence.limits(now: ["a": 900, "b": 10], before: ["b": 10]) == ["a": 200])
    }

    @Test func `what is left of a flood is the share that was allowed`() {
        for others in [400, 3_000, 77_777] {
            let limit = influence.limits(now: ["new": 1_000_000, "old": others], before: ["old": 9])["new"]!
            #expect(abs(Double(limit) / Double(limit + others) - influence.share) < 1e-3)
        }
    }
}
