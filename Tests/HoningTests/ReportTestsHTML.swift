import Foundation
import FoundationXML
import Honing
import Testing

@Suite struct ReportTestsHTML {
    private func page(_ chapter: Story.Chapter) throws -> String {
        HTMLReport.render(DriftReportBuilder(try Story.facts(chapter)).report())
    }

    /// The body as XML, so that a browser's forgiveness hides nothing.
    private func parsed(_ page: String) throws -> XMLDocument {
        let body = page[
            page.firstRange(of: "<main>")!.lowerBound..<page.firstRange(of: "</main>")!.upperBound]
        return try XMLDocument(xmlString: String(body))
    }

    @Test(arguments: Story.Chapter.allCases)
    func `every page is well formed, every identifier is used once`(_ chapter: Story.Chapter) throws {
        let document = try parsed(try page(chapter))

        let identifiers = try document.nodes(forXPath: "//@id").compactMap(\.stringValue)
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test func `charts speak to those who cannot see them`() throws {
        let document = try parsed(try page(.recovered))
        let charts = try document.nodes(forXPath: "//*[local-name()='svg'][@role='img']")

        #expect(charts.count == 3)
        for chart in charts {
            #expect(try chart.nodes(forXPath: "*[local-name()='title']").count == 1)
            let text = try #require(try chart.nodes(forXPath: "*[local-name()='desc']").first?.stringValue)
            #expect(text.contains("%"))
        }
        let all = try document.nodes(forXPath: "//*[local-name()='svg'][not(@role='img')]")
        #expect(try all.allSatisfy { try !$0.nodes(forXPath: "@aria-hidden").isEmpty })
    }

    @Test func `nothing is loaded from anywhere and nothing runs`() throws {
        let page = try page(.recovered)

        for word in [
            "http:", "https:", "//", "url(", "@import", "<script", "<img", "<link", "javascript:", " on",
        ] {
            let isStray = word == " on" ? page.contains(/<[^>]* on[a-z]+=/) : page.contains(word)
            #expect(!isStray, "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test func `text from outside stays text`() throws {
        let attack = "<script>alert(1)</script>\"' onload=x &amp; \u{0}\u{8}]]>"
        var facts = try Story.facts(.refused)
        facts.modelName = attack
        facts.decision = attack
        facts.standing?.model.name = attack
        facts.standing?.model.labels[0] = attack
        for index in facts.rows.indices where facts.rows[index].label == "negative" {
            facts.rows[index].label = attack
        }
        for index in facts.promotions.indices { facts.promotions[index].reason = attack }
        for index in facts.detections.indices { facts.detections[index].detector = attack }
        for index in facts.runs.indices {
            facts.runs[index].reason = attack
            facts.runs[index].verdict?.sentence = attack
            facts.runs[index].verdict?.checks[0].statement = attack
            facts.runs[index].verdict?.checks[0].name = attack
        }
        for index in facts.versions.indices { facts.versions[index].origin = attack }

        let page = HTMLReport.render(DriftReportBuilder(facts).report())
        let document = try parsed(page)

        #expect(!page.contains("<script"))
        #expect(try document.nodes(forXPath: "//*[local-name()='script']").isEmpty)
        #expect(try document.nodes(forXPath: "//@onload").isEmpty)
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"))
    }

    @Test func `text is escaped by being interpolated, markup is not`() {
        let label = "<b> & \"c\""
        let cell: HTML = "<td title=\"\(label)\">\(label)</td>"
        let row: HTML = "<tr>\(cell)\([cell])</tr>"

        let escaped = "&lt;b&gt; &amp; &quot;c&quot;"
        #expect(cell.text == "<td title=\"\(escaped)\">\(escaped)</td>")
        #expect(row.text == "<tr>\(cell.text)\(cell.text)</tr>")
    }

    @Test func `figures stay in the frame of the chart`() throws {
        let report = DriftReportBuilder(try Story.facts(.recovered)).report()
        for width in [360, 860] {
            let chart = SVGChart(report, width: width, height: 300)
            let document = try XMLDocument(xmlString: chart.svg.text)
            for name in ["cx", "x1", "x2"] {
                for node in try document.nodes(forXPath: "//@\(name)") {
                    let x = try #require(Double(node.stringValue ?? ""))
                    #expect((0...Double(width)).contains(x))
                }
            }
        }
    }

    @Test func `one row and one moment make a chart too`() throws {
        var facts = try Story.facts(.movies)
        facts.rows = [facts.rows[0]]

        let report = DriftReportBuilder(facts).report()
        #expect(!SVGChart(report).svg.text.contains("nan"))
        #expect(try parsed(HTMLReport.render(report)).rootElement() != nil)
        #expect(TextReport.render(report, colour: false).contains("Accuracy  1 labelled row"))
    }
}
