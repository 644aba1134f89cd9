import Tensors
import Testing
import Transformers

@Suite struct TagSchemeTests {
    private static let bio = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    private static let bioes = ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-LOC", "E-LOC"]

    private static func isLegal(_ path: [Int], _ scheme: TagScheme) -> Bool {
        zip([nil] + path.map(Optional.some), path).allSatisfy { scheme.allows($1, after: $0) }
            && scheme.allowsEnd(with: path.last!)
    }

    /// All sequences of so many tags.
    private static func sequences(_ count: Int, _ tags: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        return sequences(count - 1, tags).flatMap { head in (0..<tags).map { head + [$0] } }
    }

    @Test(arguments: [bio, bioes]) func `the best is the best of all legal sequences`(_ names: [String]) {
        let scheme = TagScheme(names)
        var random = Philox(seed: 3, stream: 0)
        for length in 1...4 {
            for _ in 0..<5 {
                let scores = (0..<length).map { _ in names.map { _ in random.nextNormal() } }
                func total(_ path: [Int]) -> Double { zip(path, scores).reduce(0) { $0 + $1.1[$1.0] } }
                let legal = Self.sequences(length, names.count).filter { Self.isLegal($0, scheme) }
                let found = scheme.best(scores)
                #expect(Self.isLegal(found, scheme))
                #expect(found == legal.max { total($0) < total($1) })
            }
        }
    }

    @Test func `an entity goes on only where one of its type began`() {
        let scheme = TagScheme(Self.bio)
        #expect(!scheme.allows(2, after: nil) && !scheme.allows(2, after: 0) && !scheme.allows(2, after: 3))
        #expect(scheme.allows(2, after: 1) && scheme.allows(2, after: 2) && scheme.allows(1, after: 2))
        let marked = TagScheme(Self.bioes)
        #expect(!marked.allows(0, after: 1) && !marked.allowsEnd(with: 1))
        #expect(marked.allows(3, after: 1) && marked.allowsEnd(with: 3) && !marked.allows(3, after: 4))
    }

    @Test func `tags without parts follow each other as they like`() {
        let scheme = TagScheme(["NOUN", "VERB", "E-MAIL-ADDRESS-OF"].map { $0.replacing("E-", with: "e") })
        #expect(scheme.best([[0, 1, 0], [2, 0, 0]]) == [1, 0])
        #expect(scheme.best([]) == [])
    }

    @Test func `a set without a legal sequence is read word by word`() {
        #expect(TagScheme(["I-X"]).best([[1], [1]]) == [0, 0])
    }
}
