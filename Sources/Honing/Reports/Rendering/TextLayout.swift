/// The lines of a terminal page: 80 columns, no more.
enum TextLayout {
    static let width = 80

    /// Breaks a text at spaces so that no line is longer than `width`, with `indent` spaces before
    /// each line but the first, which stands behind `lead`.
    static func wrapped(_ text: String, lead: String = "", indent: Int = 0, width: Int = width) -> String {
        var lines: [String] = []
        var line = lead
        for word in text.printable.split(separator: " ") {
            for piece in pieces(word, of: width - indent) {
                let isFirst = line == lead || line.allSatisfy { $0 == " " }
                if !isFirst, line.count + 1 + piece.count > width {
                    lines.append(line)
                    line = String(repeating: " ", count: indent)
                }
                let begins = line.count == 0 || line.last == " "
                line += (begins ? "" : " ") + piece
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// A word that is longer than a line is broken; there is no better place.
    private static func pieces(_ word: Substring, of width: Int) -> [Substring] {
        var rest = word
        var pieces: [Substring] = []
        while rest.count > width {
            pieces.append(rest.prefix(width))
            rest = rest.dropFirst(width)
        }
        return pieces + [rest]
    }

    /// The text in exactly `width` columns; what does not fit is cut and marked.
    static func cell(_ text: String, _ width: Int, right: Bool = false) -> String {
        let text = text.printable
        let fitted = text.count > width ? text.prefix(max(0, width - 1)) + "…" : text[...]
        return right ? fitted.leftPadded(to: width) : fitted.rightPadded(to: width)
    }

    /// A bar of `width` columns filled to a share, in eighths.
    static func bar(_ share: Double, width: Int) -> String {
        let share = share.isFinite ? min(1, max(0, share)) : 0
        let eighths = Int((share * Double(width) * 8).rounded())
        let partial = eighths % 8 == 0 ? "" : String(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8])
        let full = String(repeating: "█", count: eighths / 8)
        return (full + partial).rightPadded(to: width)
    }
}
