// Who was told, for a terminal and a browser.

extension Status.AlertChannel {
    /// Whether a message was not accepted.
    package var isFailing: Bool { lastError != nil }

    /// How its messages fare, without its name.
    package var sentence: String {
        let none = waiting + abandoned == 0 ? "nothing to tell so far" : "nothing delivered yet"
        let sent =
            delivered == 0
            ? none
            : "\(counted(delivered, "message")) delivered"
                + (lastDeliveredAt.map { ", the last on \(moment($0)) UTC" } ?? "")
        let waits = waiting == 0 ? "" : "; \(grouped(waiting)) waiting"
        let again = nextAttemptAt.map { ", tried again on \(moment($0, seconds: true)) UTC" } ?? ""
        let error = lastError.map { again + ": " + $0.printable } ?? ""
        return sent + waits + error + (abandoned == 0 ? "" : "; \(grouped(abandoned)) given up")
    }
}

extension TextReportPage {
    var alerts: [String] {
        guard let channels = report.alerts else { return [] }
        return [title("Who was told")]
            + channels.map {
                let text = TextLayout.wrapped("\($0.name): \($0.sentence)", lead: "  ", indent: 4)
                return $0.isFailing ? ink.warning(text) : text
            }
    }
}

extension HTMLReportPage {
    /// Public: the dashboard shows it too.
    public var alerts: HTML {
        guard let channels = report.alerts else { return "" }
        let rows = channels.map { channel -> HTML in
            """
            <tr><th scope="row">\(channel.name)</th>\
            <td class="\(channel.isFailing ? "warning state" : "")">\(channel.sentence)</td></tr>
            """
        }
        return "<section><h2>Who was told</h2><div class=\"scroll\"><table>\(rows)</table></div></section>"
    }
}
