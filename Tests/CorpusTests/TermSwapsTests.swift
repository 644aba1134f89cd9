import Corpus
import Testing

@Suite struct TermSwapsTests {
    @Test(arguments: [
        ("he said", "she said"), ("She said HE lied", "He said SHE lied"), ("the theme is here", nil),
        ("he's right, isn't he?", "she's right, isn't she?"), ("", nil), ("shehe", nil), ("#he", "#she"),
        ("he2", nil), ("été he", "été she"), ("hé", nil),
    ])
    func `a pronoun for another`(_ text: String, _ swapped: String?) {
        #expect(TermSwaps.Pair("he", "she").swapped(in: text) == swapped)
    }

    @Test func `names, several words, and terms that begin alike`() {
        #expect(
            TermSwaps.Pair("Anna", "Ayşe").swapped(in: "anna met ANNA and Anna") == "ayşe met AYŞE and Ayşe")
        #expect(
            TermSwaps.Pair("New York", "Lagos").swapped(in: "From Lagos to New York.")
                == "From New York to Lagos.")
        #expect(TermSwaps.Pair("old", "old-time").swapped(in: "old-time and old") == "old and old-time")
    }

    @Test func `a name keeps its own capital, and a sentence its first`() {
        let pair = TermSwaps.Pair("he", "Anna")
        #expect(pair.swapped(in: "he saw Anna") == "Anna saw he")
        #expect(pair.swapped(in: "Anna came. Anna saw.") == "He came. He saw.")
        #expect(pair.swapped(in: "\"Anna!\" he said") == "\"He!\" Anna said")
        #expect(TermSwaps.Pair("US", "Britain").swapped(in: "in the US or Britain") == "in the Britain or US")
    }

    @Test func `swapping twice changes nothing`() throws {
        let pair = TermSwaps.Pair("he", "she")
        for text in ["He and she", "SHE or he", "(he)"] {
            #expect(try pair.swapped(in: #require(pair.swapped(in: text))) == text)
        }
    }

    @Test func `a file of pairs`() throws {
        let swaps = try TermSwaps(parsing: "# names\nAnna <-> Ayşe\n\n he<->she # pronouns\r\n", file: "f")
        #expect(swaps.pairs == [TermSwaps.Pair("Anna", "Ayşe"), TermSwaps.Pair("he", "she")])
    }

    @Test(arguments: ["he", "he <-> ", "a <-> b <-> c", "he <-> He", "<->"])
    func `a line that is no pair is named`(_ line: String) {
        #expect(throws: TermSwapsError.badLine("f", 2)) {
            try TermSwaps(parsing: "a <-> b\n" + line, file: "f")
        }
    }

    @Test(arguments: ["he <-> she", "she<->he", "SHE <-> he # again"])
    func `a pair that stands there twice is named`(_ line: String) {
        #expect(throws: TermSwapsError.repeated("f", 3, first: 1)) {
            try TermSwaps(parsing: "he <-> she\nhis <-> her\n" + line, file: "f")
        }
    }

    @Test func `a file without pairs is an error`() {
        #expect(throws: TermSwapsError.empty("f")) { try TermSwaps(parsing: "# nothing\n\n", file: "f") }
    }
}
