import Drift
import Foundation

extension ModelSummary {
    /// All versions as a table for a terminal, the live one marked.
    public static func table(_ versions: [ModelSummary], colour: Bool) -> String {
        let ink = Ink(isOn: colour)
        func line(_ mark: String, _ cells: [String]) -> String {
            let widths = [5, 8, 17, 16, 10]
            let fitted = zip(cells, widths).map { TextLayout.cell($0, $1) }
            return ([mark] + fitted + cells.dropFirst(widths.count)).joined(separator: " ")
        }
        let head = line(" ", ["", "from", "made", "when judged", "trained on", "live since"])
        let rows = versions.map { version -> String in
            let judged = version.accuracy.map {
                percent($0) + (version.judgedOn.map { " of \(grouped($0))" } ?? "")
            }
            let cells = [
                "v\(version.version)", version.parent.map { "v\($0)" } ?? version.origin,
                moment(version.createdAt),
                judged ?? "–", version.trainingRows.map { counted($0, "row") } ?? "–",
                version.isLive ? version.promotedAt.map { moment($0) } ?? "now" : "–",
            ]
            let text = line(version.isLive ? "▶" : " ", cells)
            return version.isLive ? ink.good(text) : text
        }
        let serving = versions.compactMap { version in
            version.precision.map { precision in
                "v\(version.version) serves in \(precision)"
                    + (version.precisionNote.map { "; \($0)" } ?? "")
            }
        }
        let costs = versions.prefix(10).compactMap { version -> String? in
            guard let level = version.level, let seconds = version.seconds else { return nil }
            let processor = version.cpuSeconds.map { $0 > 0 ? ", \(span($0)) of processor time" : "" } ?? ""
            return "v\(version.version) by \(level): \(span(seconds))\(processor)"
        }
        let headlines = versions.prefix(10).compactMap { version in
            version.headline.map { "v\(version.version): \($0.name) \($0.written($0.value))" }
        }
        return ([ink.dim(head)] + rows + headlines + costs + serving).joined(separator: "\n")
    }
}
