/// How well an answer agrees with the right ones, as SQuAD's own scorer counts
/// (Rajpurkar et al., [arXiv:1606.05250](https://arxiv.org/abs/1606.05250), section 6.1; unanswerable
/// questions: [arXiv:1806.03822](https://arxiv.org/abs/1806.03822)).
public struct AnswerScore: Sendable, Equatable {
    /// 1 where the answers are the same once case, punctuation, articles and white space are left out.
    public var exactMatch: Double
    /// F1 of their words.
    public var f1: Double

    /// The best over all right answers; an empty answer is right where there is none.
    public init(_ answer: String, right: [String]) {
        let wanted = right.filter { !Self.words($0).isEmpty }
        let scores = (wanted.isEmpty ? [""] : wanted).map { Self.score(answer, $0) }
        exactMatch = scores.map(\.exactMatch).max() ?? 0
        f1 = scores.map(\.f1).max() ?? 0
    }

    private static func score(_ answer: String, _ right: String) -> (exactMatch: Double, f1: Double) {
        let (found, wanted) = (words(answer), words(right))
        let exact = found == wanted ? 1.0 : 0.0
        guard !found.isEmpty, !wanted.isEmpty else { return (exact, exact) }
        var left = Dictionary(wanted.map { ($0, 1) }, uniquingKeysWith: +)
        var common = 0
        for word in found where left[word, default: 0] > 0 {
            left[word]! -= 1
            common += 1
        }
        return (exact, 2 * Double(common) / Double(found.count + wanted.count))
    }

    private static let punctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars)

    /// The words that count: in lower case, without punctuation, and without articles.
    static func words(_ text: String) -> [String] {
        var kept = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars where !punctuation.contains(scalar) {
            kept.append(scalar)
        }
        // An article is one between two borders of words, wherever those are: a letter that is none borders.
        var words: [String] = []
        for run in String(kept).split(whereSeparator: \.isWhitespace) {
            words += withoutArticles(run)
        }
        return words
    }

    /// A run without the articles in it, each of which parts what stands around it.
    private static func withoutArticles(_ run: Substring) -> [String] {
        var parts: [String] = []
        var part = ""
        var word = ""
        func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        func endWord() {
            if ["a", "an", "the"].contains(word) {
                if !part.isEmpty { parts.append(part) }
                part = ""
            } else {
                part += word
            }
            word = ""
        }
        for scalar in run.unicodeScalars {
            if isOfWord(scalar) {
                word.unicodeScalars.append(scalar)
            } else {
                endWord()
                part.unicodeScalars.append(scalar)
            }
        }
        endWord()
        if !part.isEmpty { parts.append(part) }
        return parts
    }
}
