/// A piece of HTML or SVG that cannot be injected into: what is interpolated as text is escaped,
/// what is interpolated as HTML is not.
///
/// ```swift
/// let cell: HTML = "<td>\(label)</td>"       // a label of `<b>` stays four harmless characters
/// let row: HTML = "<tr>\(cell)</tr>"
/// ```
public struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    /// The markup as it goes out.
    public private(set) var text: String

    public init(stringLiteral markup: String) {
        text = markup
    }

    public init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
    }

    /// Markup that is known to be safe because this program wrote it, such as a style sheet.
    init(trusted markup: String) {
        text = markup
    }

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { text += literal }
        public mutating func appendInterpolation(_ html: HTML) { text += html.text }
        public mutating func appendInterpolation(_ pieces: [HTML]) {
            for piece in pieces { text += piece.text }
        }
        public mutating func appendInterpolation(_ number: Int) { text += String(number) }
        /// Text for content and for quoted attributes.
        public mutating func appendInterpolation(_ plain: String) { text += HTML.escaped(plain) }
    }

    public static func + (a: HTML, b: HTML) -> HTML { HTML(trusted: a.text + b.text) }

    /// Text with everything replaced that means something to a browser, and without control
    /// characters, which XML does not allow at all.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.printable.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        // A figure and its unit stay on one line.
        return result.replacing(" %", with: "&#160;%")
    }
}
