import Foundation

/// Pairs of terms that should make no difference to a model's answer, such as a pronoun for another.
///
///     he <-> she
///     Anna <-> Ayşe       # names too
///
/// Terms are whole words, or several; each stands for the other. Letters are matched whatever their case, and
/// what is put in their place takes on the case of what was there.
public struct TermSwaps: Sendable, Equatable {
    public struct Pair: Sendable, Hashable, Codable, CustomStringConvertible {
        public var first: String
        public var second: String

        public init(_ first: String, _ second: String) {
            (self.first, self.second) = (first, second)
        }

        public var description: String { "\(first) <-> \(second)" }
    }

    public var pairs: [Pair]

    public init(_ pairs: [Pair]) { self.pairs = pairs }

    /// Reads a file of pairs.
    ///
    /// - Throws: `TermSwapsError`, or what the system says of a file that cannot be read.
    public init(contentsOfFile file: String) throws {
        self = try TermSwaps(parsing: String(contentsOfFile: file, encoding: .utf8), file: file)
    }

    /// - Parameter file: as errors call it.
    /// - Throws: `TermSwapsError` with the number of the first line that is no pair, or one that was there before.
    public init(parsing text: String, file: String) throws(TermSwapsError) {
        pairs = []
        var lines: [Set<String>: Int] = [:]
        for (number, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let said = String(line.prefix { $0 != "#" }).trimmingSpace
            guard !said.isEmpty else { continue }
            let terms = said.split(separator: "<->", omittingEmptySubsequences: false)
                .map { String($0).trimmingSpace }
            guard terms.count == 2, terms.allSatisfy({ $0.contains { $0.isLetter || $0.isNumber } }),
                terms[0].lowercased() != terms[1].lowercased()
            else { throw .badLine(file, number + 1) }
            // Counted twice, a pair would look twice as sure as it is.
            let folded = Set(terms.map { $0.lowercased() })
            if let first = lines.updateValue(number + 1, forKey: folded) {
                throw .repeated(file, number + 1, first: first)
            }
            pairs.append(Pair(terms[0], terms[1]))
        }
        guard !pairs.isEmpty else { throw .empty(file) }
    }
}

extension TermSwaps {
    /// A text, or two, in which the terms of a pair were swapped.
    public struct Variant: Sendable, Equatable {
        public var pair: Pair
        public var text: String
        /// The second text.
        public var other: String?
    }

    /// What a row becomes, once for each pair of terms that it holds in either text.
    public func variants(of text: String, _ other: String?) -> [Variant] {
        let (letters, others) = (Letters(text), other.map(Letters.init))
        return pairs.compactMap { pair in
            let (swapped, otherSwapped) = (pair.swapped(in: letters), others.flatMap(pair.swapped))
            guard swapped != nil || otherSwapped != nil else { return nil }
            return Variant(pair: pair, text: swapped ?? text, other: otherSwapped ?? other)
        }
    }
}

/// A text, letter by letter, as it is and in small letters.
private struct Letters {
    let letters: [Character]
    let folded: [String]

    init(_ text: String) {
        letters = Array(text)
        folded = letters.map { $0.lowercased() }
    }
}

extension TermSwaps.Pair {
    /// A text with each of the two terms in the other's place; `nil` where it holds neither.
    public func swapped(in text: String) -> String? { swapped(in: Letters(text)) }

    fileprivate func swapped(in text: Letters) -> String? {
        let (letters, folded) = (text.letters, text.folded)
        // The longer first, for one may begin with the other.
        let ways = [(first, second), (second, first)].sorted { $0.0.count > $1.0.count }
            .map { (term: $0.0.map { $0.lowercased() }, from: $0.0, to: $0.1) }
        var (result, place, isSwapped) = ("", 0, false)
        while place < letters.count {
            let isStart = place == 0 || !letters[place - 1].isOfWord || !letters[place].isOfWord
            let way = ways.first { way in
                let end = place + way.term.count
                return isStart && end <= letters.count && folded[place..<end].elementsEqual(way.term)
                    && (end == letters.count || !letters[end].isOfWord || !letters[end - 1].isOfWord)
            }
            guard let way else {
                result.append(letters[place])
                place += 1
                continue
            }
            let there = String(letters[place..<place + way.term.count])
            result += way.to.cased(like: there, writtenAs: way.from, beginsSentence: result.endsSentence)
            place += way.term.count
            isSwapped = true
        }
        return isSwapped ? result : nil
    }
}

extension String {
    /// In the case of a term as it stands in a text: capitals, a capital first, or as the list writes it.
    fileprivate func cased(like there: String, writtenAs term: String, beginsSentence: Bool) -> String {
        let letters = there.filter(\.isLetter)
        // A name's capital is its own, and goes with it unless a sentence begins.
        let isCapital = letters.first?.isUppercase == true
        if there == term { return isCapital && beginsSentence ? capitalFirst : self }
        if letters.count > 1, letters.allSatisfy(\.isUppercase) { return uppercased() }
        if isCapital { return capitalFirst }
        return term.contains(where: \.isUppercase) ? lowercased() : self
    }

    private var capitalFirst: String { prefix(1).uppercased() + dropFirst() }

    /// Whether what comes next is a sentence's beginning.
    fileprivate var endsSentence: Bool {
        last { !$0.isWhitespace && !$0.isPunctuation || ".!?".contains($0) }.map { ".!?".contains($0) }
            ?? true
    }
}

extension Character {
    fileprivate var isOfWord: Bool { isLetter || isNumber }
}

/// What is wrong with a file of terms.
public enum TermSwapsError: Error, CustomStringConvertible, Equatable {
    case badLine(String, Int)
    /// The pair stands in an earlier line too, in this order or the other.
    case repeated(String, Int, first: Int)
    case empty(String)

    public var description: String {
        switch self {
        case .badLine(let file, let line):
            "\(file):\(line): this is no pair of two different terms: write `he <-> she`, one pair a line"
        case .repeated(let file, let line, let first):
            "\(file):\(line): this pair stands in line \(first) already: write each pair once, in either order"
        case .empty(let file):
            "\(file) holds no pair of terms: write `he <-> she`, one pair a line"
        }
    }
}
