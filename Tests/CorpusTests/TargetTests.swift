import Corpus
import Foundation
import Testing

@Suite struct TargetTests {
    static let targets: [Target] = [
        .label("a"), .labels(["a", "b"]), .labels([]), .score(0.5), .tags(["O", "B-X"]),
        .spans([Target.Span(label: "X", start: 0, end: 2)]), .answers([Target.Answer(text: "a", start: 3)]),
        .answers([]), .continuation("a"),
    ]

    @Test(arguments: targets) func `what is stored is read again`(_ target: Target) throws {
        let data = try JSONEncoder().encode(target)
        #expect(try JSONDecoder().decode(Target.self, from: data) == target)
    }

    @Test func `a label is stored as it always was`() throws {
        let text = String(decoding: try JSONEncoder().encode(Target.label("a")), as: UTF8.self)
        #expect(text == "{\"label\":{\"_0\":\"a\"}}")
    }

    @Test func `rows that say different things are different rows`() {
        let hashes = Self.targets.map { ContentHash(of: Example(text: "t", target: $0)) }
        #expect(Set(hashes).count == hashes.count)
        #expect(!hashes.contains(ContentHash(of: Example(text: "t"))))
    }

    @Test func `a target knows its task, and what its rows are grouped by`() {
        #expect(
            Self.targets.map(\.task) == [
                .textClassification, .multiLabelClassification, .multiLabelClassification, .scoring,
                .tokenClassification, .tokenClassification, .questionAnswering, .questionAnswering,
                .textGeneration,
            ])
        #expect(Self.targets.map(\.group).prefix(2) == ["a", "multi-label-classification"])
    }

    @Test func `what cannot be true of a text is refused as rows are`() {
        func problem(_ target: Target, of text: String = "in Rome", pair: String? = nil) -> String? {
            target.problem(of: text, pair: pair)
        }
        let fine: [Target] = [
            .label("a"), .labels([]), .score(1), .tags(["O", "B-LOC"]), .spans([]),
            .spans([Target.Span(label: "LOC", start: 3, end: 7)]),
        ]
        #expect(fine.allSatisfy { problem($0) == nil })
        #expect(problem(.answers([Target.Answer(text: "Rome", start: 3)]), pair: "in Rome") == nil)
        #expect(problem(.answers([]), pair: "in Rome") == nil)

        #expect(problem(.label(" "))?.contains("empty") == true)
        #expect(problem(.labels(["a", "a"]))?.contains("twice") == true)
        #expect(problem(.score(.infinity))?.contains("no finite number") == true)
        #expect(problem(.tags(["O"]))?.contains("1 tags for 2 words") == true)
        #expect(problem(.tags(["O", "LOC"]))?.contains("write BIO or BIOES") == true)
        #expect(problem(.spans([Target.Span(label: "LOC", start: 3, end: 9)]))?.contains("3 to 9") == true)
        #expect(problem(.answers([]))?.contains("text to look in") == true)
        let astray = Target.answers([Target.Answer(text: "Rome", start: 2)])
        #expect(problem(astray, pair: "in Rome")?.contains("but at 3") == true)
    }

    @Test func `the order of labels says nothing`() {
        #expect(
            ContentHash(of: Example(text: "t", target: .labels(["a", "b"])))
                == ContentHash(of: Example(text: "t", target: .labels(["b", "a"]))))
    }
}
