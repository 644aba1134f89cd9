/// Pairs of horizontal bars, before and now, as SVG: the class mix, for example.
public struct SVGBars: Sendable {
    public struct Row: Sendable {
        public var label: String
        public var before: Double?
        public var now: Double

        public init(label: String, before: Double?, now: Double) {
            self.label = label
            self.before = before
            self.now = now
        }
    }

    public var title: String
    public var rows: [Row]
    public var width: Int
    public var id: String

    public init(title: String, rows: [Row], width: Int = 420, id: String) {
        self.title = title
        self.rows = rows
        self.width = width
        self.id = id
    }

    private static let rowHeight = 38
    private static let labelWidth = 110
    private static let valueWidth = 58

    /// The `<svg>` element; empty where there is nothing to draw.
    public var svg: HTML {
        guard !rows.isEmpty else { return "" }
        let height = rows.count * Self.rowHeight + 4
        return """
            <svg class="bars" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            aria-labelledby="\(id)-title \(id)-desc"><title id="\(id)-title">\(title)</title>\
            <desc id="\(id)-desc">\(description)</desc>\(rows.enumerated().map { self.pair($0, $1) })</svg>
            """
    }

    private var description: String {
        rows.map { row in
            row.label + " " + (row.before.map { "\(percent($0)) before, " } ?? "") + "\(percent(row.now)) now"
        }.joined(separator: "; ")
    }

    private func pair(_ index: Int, _ row: Row) -> HTML {
        let top = index * Self.rowHeight + 4
        let full = Double(width - Self.labelWidth - Self.valueWidth)
        let most = max(0.01, rows.map { max($0.before ?? 0, $0.now) }.max() ?? 1)
        func bar(_ share: Double?, _ kind: String, _ offset: Int) -> HTML {
            guard let share else { return "" }
            let length = full * min(1, max(0, share / most))
            return """
                <rect class="\(kind)" x="\(Self.labelWidth)" y="\(top + offset)" width="\(decimals(max(1, length), 1))" \
                height="13" rx="2"/><text class="value" x="\(decimals(Double(Self.labelWidth) + length + 5, 1))" \
                y="\(top + offset + 11)">\(percent(share))</text>
                """
        }
        return """
            <text class="name" x="\(Self.labelWidth - 8)" y="\(top + 20)">\(TextLayout.cell(row.label, 15).trimmed)</text>\
            \(bar(row.before, "before", 0))\(bar(row.now, "now", 16))
            """
    }
}
