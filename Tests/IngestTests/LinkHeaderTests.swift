import Ingest
import Testing

@Suite struct LinkHeaderTests {
    @Test(arguments: [
        ("<https://h/?page=2>; rel=\"next\"", "https://h/?page=2"),
        ("<a>; rel=next", "a"),
        ("<a>;rel=next", "a"),
        ("<a> ; REL = \"Next\"", "a"),
        ("<a>; rel=prev, <b>; rel=next", "b"),
        ("<a>; rel=\"prev next last\"", "a"),
        ("<a>; title=\"x, <evil>; rel=next\"; rel=prev, <b>; rel=next", "b"),
        ("<a>; title=\"quote \\\" in\"; rel=next", "a"),
        ("<a>; rel=prev; rel=next, <b>; rel=next", "b"),
        (", ,<a>; rel=next", "a"),
        ("<a,b;c>; rel=next", "a,b;c"),
        ("<>; rel=next", ""),
    ])
    func `the next link is found`(header: String, target: String) {
        #expect(nextLink([header]) == target)
    }

    @Test(arguments: [
        "", "<a>", "<a>; rel=prev", "a; rel=next", "<a; rel=next", "<a>; rel=\"next", "<a>; rel",
        "<a>; nextrel=next", "<a>;;;",
    ])
    func `what is no next link is none`(header: String) {
        // An unterminated quote ends with the header, and what it says counts.
        #expect(nextLink([header]) == (header == "<a>; rel=\"next" ? "a" : nil))
    }

    @Test func `several headers count in their order`() {
        #expect(nextLink(["<a>; rel=prev", "<b>; rel=next", "<c>; rel=next"]) == "b")
    }

    @Test func `nothing hangs or crashes`() {
        var seed: UInt64 = 7
        let letters = Array("<>;,=\" \\relnxta")
        for _ in 0..<20_000 {
            let text = String(
                (0..<12).map { _ in
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return letters[Int(seed >> 33) % letters.count]
                })
            _ = nextLink([text])
        }
    }
}
