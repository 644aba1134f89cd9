import Drift
import Foundation

// The queue and the session for a terminal of 80 columns.

extension LabelQueue {
    /// What is to be known before the first label.
    public var summary: String {
        let lines = [sentence, question?.sentence, drawn?.sentence].compactMap(\.self)
        return lines.map { TextLayout.wrapped($0) }.joined(separator: "\n")
    }

    /// The items, a line each.
    public var listing: String {
        items.map { item in
            TextLayout.cell(
                TextLayout.cell(item.lot.rawValue, 7) + TextLayout.cell(percent(item.propensity), 9)
                    + item.whole,
                TextLayout.width
            ).trimmed
        }.joined(separator: "\n")
    }
}

extension LabelQueue.Item {
    fileprivate var whole: String { pair.map { text + " | " + $0 } ?? text }
}

extension LabelQueue.DrawnEstimate {
    /// What the labels so far say about all answers.
    var sentence: String {
        let rows = "\(counted(self.rows, "label")) of answers drawn by lot"
        guard let lower, let upper else {
            return "\(rows) so far: too few to say how many of all answers are wrong."
        }
        return "By \(rows), weighted by their chance, \(percent(errorRate)) of all answers are wrong, "
            + "\(percent(lower)) to \(percent(upper)) with 95 % certainty."
    }
}

extension LabelSession {
    /// The item that is shown, with its keys; after the last one what is left to do.
    public var page: String? {
        guard !isOver else { return nil }
        guard let item else {
            return "\nThat was the last one: u takes the last label back, any other key ends."
        }
        let choices = zip(Self.keys, queue.labels).map { "[\($0)] \($1)" }.joined(separator: "  ")
        let head = "\(place + 1) of \(queue.items.count) · \(item.lot.rawValue)"
        return [
            "", head, TextLayout.wrapped(item.text, lead: "  ", indent: 2),
            item.pair.map { TextLayout.wrapped($0, lead: "  | ", indent: 4) },
            TextLayout.wrapped(choices + "   s skip  u undo  q quit", lead: "", indent: 0),
        ].compactMap(\.self).joined(separator: "\n")
    }
}
