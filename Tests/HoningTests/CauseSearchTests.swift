import Drift
import Foundation
import Honing
import Testing

/// The cause of a change that was made on purpose, among rows whose texts a person could have written.
@Suite struct CauseSearchTests {
    private func cause(_ change: FilmRows.Change) throws -> CauseReport? {
        CauseSearch(FilmRows.facts(change)).report()
    }

    @Test(arguments: [
        (FilmRows.Change.otherMix, "labelShift"), (.otherTexts, "covariateShift"),
        (.newTexts, "covariateShift"),
        (.otherMeaning, "conceptDrift"), (.tooSure, "calibrationOnly"), (.repeats, "dataFault"),
        (.foreign, "dataFault"), (.cut, "dataFault"), (.rejected, "dataFault"), (.swap, "ownSwap"),
    ])
    func `each change has its cause`(_ change: FilmRows.Change, _ name: String) throws {
        let found = try #require(try cause(change))
        #expect(found.cause == name, "\(found.sentence) \(found.figures)")
        #expect(!found.sentence.isEmpty && !found.remedy.isEmpty)
    }

    @Test func `nothing changed, so there is nothing to explain`() throws {
        #expect(try cause(.none) == nil)
    }

    @Test func `few rows have no cause`() throws {
        var facts = FilmRows.facts(.otherMeaning)
        facts.current = Array(facts.current.prefix(29))
        #expect(CauseSearch(facts).report() == nil)
    }

    @Test func `without a reference it says what is missing`() throws {
        var facts = FilmRows.facts(.otherMeaning)
        facts.reference = []
        let found = try #require(CauseSearch(facts).report())
        #expect(found.cause == "unknown")
        #expect(found.missing.contains("text vectors of now and then"))
        #expect(found.referenceRows == 0 && found.confused.isEmpty)
    }

    @Test func `words, confusions and examples show it`() throws {
        let texts = try #require(try cause(.otherTexts))
        #expect(texts.rising.map(\.term).contains("goal"), "\(texts.rising)")
        #expect(texts.falling.map(\.term).contains("film"), "\(texts.falling)")
        #expect(texts.examples.count == 4)
        #expect(texts.examples.allSatisfy { $0.text.contains("goal") || $0.text.contains("match") })

        let meaning = try #require(try cause(.otherMeaning))
        #expect(meaning.confused.contains { $0.label == "bad" && $0.takenFor == "good" && $0.share > 0.3 })
        #expect(meaning.examples.allSatisfy { $0.label != $0.predicted })
    }

    @Test func `corrections do not speak for all rows`() throws {
        var facts = FilmRows.facts(.none)
        facts.current += (0..<200).map { number in
            CauseRow(
                text: "corrected film \(number)", label: "bad", predicted: "good", confidence: 0.9,
                source: "user_correction", at: FilmRows.noon)
        }
        let mistakes = CauseSearch(facts).report()?.figures.first { $0.name == "mistakes" }
        #expect(mistakes == nil || mistakes!.value < 0.15)
    }

    @Test func `where accuracy held, no beginning is told`() throws {
        var facts = FilmRows.facts(.tooSure)
        facts.onset = DatedOnset(stream([(400, 20, 1), (200, 8, 1)]), version: 1)
        let found = try #require(CauseSearch(facts).report())
        #expect(facts.onset != nil)
        #expect(found.accuracyFell == false && found.began == nil)
    }

    @Test func `the same facts give the same report, and it survives JSON`() throws {
        let found = try #require(try cause(.otherMeaning))
        #expect(try cause(.otherMeaning) == found)
        #expect(try decoded(encoded(found)) == found)
    }

    // MARK: Slices

    @Test func `the part that is worse comes first, corrected for the number of parts`() throws {
        var rows = FilmRows.facts(.none).current
        for index in rows.indices where index % 4 == 0 {
            rows[index].source = "forum"
            if index % 8 == 0 { rows[index].predicted = rows[index].label == "good" ? "bad" : "good" }
        }
        let worst = SliceComparison.worst(of: rows)
        let first = try #require(worst.first)
        #expect(first.property == "source" && first.value == "forum" && first.isWorse)
        #expect(first.accuracy < first.accuracyOutside)
        #expect(worst.dropFirst().allSatisfy { $0.value != "forum" })

        // Corrections are wrong by the way they were chosen: they are no part.
        for index in rows.indices where rows[index].source == "forum" {
            rows[index].source = "user_correction"
        }
        #expect(SliceComparison.worst(of: rows).allSatisfy { $0.value != "user_correction" })
    }

    @Test func `whatever was said of rows parts them, but no name of a row`() throws {
        var rows = FilmRows.facts(.none).current
        for index in rows.indices {
            rows[index].metadata = ["order": "\(index)", "country": index % 4 == 0 ? "Peru" : "Chile"]
            guard index % 8 == 0 else { continue }
            rows[index].predicted = rows[index].label == "good" ? "bad" : "good"
        }
        let worst = SliceComparison.worst(of: rows)
        let first = try #require(worst.first)
        #expect(first.property == "country" && first.value == "Peru" && first.isWorse)
        #expect(worst.allSatisfy { $0.property != "order" })
    }

    // MARK: Onset

    private func stream(_ errors: [(count: Int, every: Int, version: Int)]) -> [ReportRow] {
        var rows: [ReportRow] = []
        for part in errors {
            for number in 0..<part.count {
                rows.append(
                    ReportRow(
                        at: FilmRows.noon.addingTimeInterval(Double(rows.count) * 60), label: "good",
                        predicted: number % part.every == 0 ? "bad" : "good",
                        loss: number % part.every == 0 ? 1 : 0, lossInNats: 0.1, confidence: 0.9, tokens: 5,
                        unknownTokens: 0, version: part.version))
            }
        }
        return rows
    }

    @Test func `a rise is dated, a fall is not`() throws {
        let risen = try #require(DatedOnset(stream([(400, 20, 1), (200, 2, 1)]), version: 1))
        #expect(abs(risen.at.timeIntervalSince(FilmRows.noon) / 60 - 400) < 20)
        #expect(risen.earliest <= risen.at && risen.at <= risen.latest)
        #expect(risen.swapIndex == nil)
        #expect(DatedOnset(stream([(200, 2, 1), (400, 20, 1)]), version: 1) == nil)
        #expect(DatedOnset([], version: 1) == nil)
    }

    @Test func `a rise at the swap is the swap's, a rise after a good one is not`() throws {
        let swap = try #require(DatedOnset(stream([(300, 20, 1), (300, 2, 2)]), version: 2))
        let place = try #require(swap.swapIndex)
        #expect(swap.onset.range.contains(place))

        let later = try #require(DatedOnset(stream([(300, 20, 1), (300, 20, 2), (300, 2, 2)]), version: 2))
        #expect(later.swapIndex == nil)
        // The version before was bad, which is why there was a swap: that is no rise.
        let healed = try #require(DatedOnset(stream([(300, 2, 1), (300, 20, 2), (300, 2, 2)]), version: 2))
        #expect(healed.swapIndex == nil)
    }

    // MARK: Words and languages

    @Test(arguments: [
        ("The film was not what I had hoped for", "en"), ("Der Film ist nicht so gut wie das Buch", "de"),
        ("Le film est plus long que le livre", "fr"), ("Фильм был не очень", "cyrillic"),
        ("映画はとても良かった", "kana"), ("ok", nil), ("", nil), ("zzz qqq xxx", nil),
    ])
    func `a language is guessed or not at all`(_ text: String, _ language: String?) {
        #expect(LanguageGuess.of(text) == language)
    }

    @Test func `the vector of a text is the same everywhere`() {
        #expect(HashedWords("Don't stop — it's 2 GOOD!").words == ["don't", "stop", "it's", "2", "good"])
        let vector = HashedWords("good").vector
        #expect(vector.count == 64 && vector.filter { $0 != 0 }.count == 1)
        #expect(vector == HashedWords("GOOD").vector)
        #expect(HashedWords("").vector.allSatisfy { $0 == 0 })
    }
}
