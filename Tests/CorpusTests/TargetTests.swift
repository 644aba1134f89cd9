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

    @Test func `the order of labels says nothing`() {
        #expect(
            ContentHash(of: Example(text: "t", target: .labels(["a", "b"])))
                == ContentHash(of: Example(text: "t", target: .labels(["b", "a"]))))
    }
}
