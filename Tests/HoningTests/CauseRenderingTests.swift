import Foundation
import FoundationXML
import Honing
import TestSupport
import Testing

/// What people read about a cause, in a terminal and a browser.
@Suite struct CauseRenderingTests {
    private func report(_ change: FilmRows.Change) throws -> DriftReport {
        var facts = try Story.facts(.alarm)
        facts.causes = FilmRows.facts(change)
        return DriftReportBuilder(facts).report()
    }

    @Test func `the cause for a terminal`() throws {
        let text = TextReport.render(try report(.otherMeaning), colour: false)
        let start = try #require(text.firstRange(of: "Why: other meaning")).lowerBound
        let end = try #require(text.firstRange(of: "\n\nClasses")).lowerBound
        try expectSnapshot(String(text[start..<end]) + "\n", "cause.txt")
    }

    @Test(arguments: FilmRows.Change.allCases)
    func `every cause fits eighty columns and is well-formed HTML`(_ change: FilmRows.Change) throws {
        let report = try report(change)
        let plain = TextReport.render(report, colour: false)
        for line in plain.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let page = HTMLReport.render(report)
        let body = page[
            page.firstRange(of: "<main>")!.lowerBound..<page.firstRange(of: "</main>")!.upperBound]
        #expect(try XMLDocument(xmlString: String(body)).rootElement() != nil)
        #expect(try decoded(encoded(report)) == report)
        #expect(page.contains("Worst parts") && plain.contains("Worst parts"))
    }

    @Test func `the first screen says why in the words of the cause`() throws {
        let headline = try report(.otherMeaning).headline
        #expect(headline.why.hasPrefix("What the labels mean seems to have changed"))
        #expect(headline.why.contains("\"bad\" is taken for \"good\""))
    }

    @Test func `broken data and an own swap change what is to be done`() throws {
        #expect(try report(.rejected).headline.advice.hasPrefix("Hold back the source and repair it"))
        let swap = try report(.swap).headline
        #expect(swap.advice == "Roll back to the model before. `hone rollback` does it.")
        #expect(swap.since.contains("or somewhere between"))
    }

    @Test func `texts and labels from outside stay text`() throws {
        let attack = "<script>alert(1)</script>\u{1B}[2J\u{202E} film"
        var facts = try Story.facts(.alarm)
        var causes = FilmRows.facts(.otherMeaning)
        causes.labels[0] = attack
        for index in causes.current.indices {
            causes.current[index].text = "\(attack) \(index)"
            causes.current[index].source = attack
            if causes.current[index].label == "bad" { causes.current[index].label = attack }
        }
        facts.causes = causes
        let report = DriftReportBuilder(facts).report()

        #expect(report.cause != nil)
        #expect(!HTMLReport.render(report).contains("<script"))
        let text = TextReport.render(report, colour: false)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
    }
}
