import Drift
import Foundation
import FoundationXML
import Honing
import Testing

/// What is said about answers that nobody has labelled.
@Suite struct LabelFreeReportTests {
    private static let labels = ["bad", "good"]

    /// Rows of a model whose probabilities are right, of which `share` are good.
    private func rows(_ count: Int, good share: Double, seed: UInt64) -> [(truth: Int, p: [Double])] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let truth = Double.random(in: 0..<1, using: &random) < share ? 1 : 0
            // Two answers, of which each is right as often as it says where both classes are equally frequent.
            let isRight = Double.random(in: 0..<1, using: &random) < 0.8
            let good = (truth == 1) == isRight ? 0.8 : 0.2
            return (truth, [1 - good, good])
        }
    }

    private func facts(good share: Double) throws -> LabelFreeFacts {
        let reference = rows(800, good: 0.5, seed: 1).enumerated().map { number, row in
            Observation(
                exampleID: Int64(number + 1), at: FilmRows.noon, label: Self.labels[row.truth],
                predicted: Self.labels[row.p[1] > 0.5 ? 1 : 0],
                loss: (row.p[1] > 0.5) == (row.truth == 1) ? 0 : 1,
                lossInNats: 0.2, confidence: row.p.max()!, tokens: 5, unknownTokens: 0, probabilities: row.p)
        }
        let sketch = try #require(Reference(reference, labels: Self.labels, source: "holdout").sketch)
        return LabelFreeFacts(
            labels: Self.labels, probabilities: rows(2_000, good: share, seed: 2).map(\.p),
            since: FilmRows.noon, sketch: sketch, promised: 0.8)
    }

    @Test func `an unchanged stream is foretold what was promised`() throws {
        let report = try #require(LabelFreeReport(try facts(good: 0.5)))
        #expect(report.lower <= 0.8 && 0.8 <= report.upper && report.upper - report.lower < 0.05)
        #expect(abs(report.temperature - 1) < 0.1)
        #expect(abs(try #require(report.classes[1].likely) - 0.5) < 0.06)
        #expect(report.caveat == ConfidenceBasedEstimate.caveat)
        #expect(!report.sentence.contains("settle"))
    }

    @Test func `the shares of the classes are found by both ways`() throws {
        let good = try #require(LabelFreeReport(try facts(good: 0.85))).classes[1]
        #expect(abs(try #require(good.likely) - 0.85) < 0.06, "\(good)")
        #expect(abs(try #require(good.blackBox) - 0.85) < 0.06, "\(good)")
        #expect(good.predicted < 0.8)
    }

    @Test func `a model that grew unsure is said to need labels`() throws {
        var facts = try facts(good: 0.5)
        facts.probabilities = facts.probabilities.map {
            [0.5 + ($0[0] - 0.5) * 0.3, 0.5 + ($0[1] - 0.5) * 0.3]
        }
        let report = try #require(LabelFreeReport(facts))
        #expect(report.upper < 0.7)
        #expect(report.sentence.hasSuffix("Labels of a random sample would settle it."))
    }

    @Test func `too few answers, or too few rows that judged it, say nothing`() throws {
        var few = try facts(good: 0.5)
        few.probabilities = Array(few.probabilities.prefix(29))
        #expect(LabelFreeReport(few) == nil)
        var other = try facts(good: 0.5)
        other.labels = ["one", "two", "three"]
        #expect(LabelFreeReport(other) == nil)
    }

    @Test func `the blindness stands beside the figures wherever they are shown`() throws {
        var story = try Story.facts(.movies)
        story.labelFree = try facts(good: 0.6)
        let report = DriftReportBuilder(story).report()
        let text = TextReport.render(report, colour: false)
        let page = HTMLReport.render(report)

        #expect(text.replacing(/\n +/, with: " ").contains(ConfidenceBasedEstimate.caveat))
        #expect(page.contains(ConfidenceBasedEstimate.caveat.replacing("'", with: "&#39;")))
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let body = page[
            page.firstRange(of: "<main>")!.lowerBound..<page.firstRange(of: "</main>")!.upperBound]
        #expect(try XMLDocument(xmlString: String(body)).rootElement() != nil)
        #expect(try decoded(encoded(report)) == report)
    }

    @Test func `a sketch keeps a bounded number of rows and survives JSON`() throws {
        let many = (1...2_500).map { number in
            Observation(
                exampleID: Int64(number), at: FilmRows.noon, label: "good", predicted: "good", loss: 0,
                lossInNats: 0, confidence: 0.987_654_321, tokens: 4, unknownTokens: 1,
                probabilities: [0.1, 0.9])
        }
        let reference = Reference(many, labels: Self.labels, source: "fresh")
        let sketch = try #require(reference.sketch)
        #expect(sketch.exampleIDs.count <= 1_000 && sketch.exampleIDs.count > 800)
        #expect(sketch.tokens == 10_000 && sketch.unknownTokens == 2_500)
        #expect(try decoded(encoded(reference)) == reference)
        // A version of an older Hone has none.
        var old = reference
        old.sketch = nil
        #expect(try decoded(encoded(old)) == old)
    }
}
