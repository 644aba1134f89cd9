package import Foundation

// Numbers, times and names as people read them. Nothing here depends on a locale.

/// A number with a fixed count of decimals.
func decimals(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let whole = grouped(scaled / Int(scale))
    let sign = value < 0 && scaled > 0 ? "−" : ""
    guard places > 0 else { return sign + whole }
    return sign + whole + "." + String(scaled % Int(scale)).leftPadded(to: places, with: "0")
}

/// 12345 as `12,345`.
func grouped(_ count: Int) -> String {
    guard abs(count) >= 10_000 else { return "\(count)" }
    var digits = String(abs(count))[...]
    var groups: [Substring] = []
    while digits.count > 3 {
        groups.insert(digits.suffix(3), at: 0)
        digits = digits.dropLast(3)
    }
    return (count < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
}

/// A share as a percentage: 0.8123 is `81.2 %`.
func percent(_ share: Double) -> String { decimals(share * 100, 1) + " %" }

/// `1 row`, `2 rows`, `12,345 rows`.
func counted(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }

/// Bytes in a decimal unit: `1.2 GB`.
package func size(_ bytes: Int) -> String {
    let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
    guard let unit = units.first(where: { Double(bytes) >= $0.1 }) else { return "\(bytes) B" }
    return decimals(Double(bytes) / unit.1, 1) + " " + unit.0
}

/// A span of time by its two largest units: 22,500 s is `6 h 15 min`.
func span(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e11 else { return "forever" }
    let total = Int(max(0, seconds).rounded())
    let units = [
        (total / 86_400, "d"), (total % 86_400 / 3_600, "h"), (total % 3_600 / 60, "min"), (total % 60, "s"),
    ]
    let shown = units.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
    return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
}

/// A moment in UTC: `23 Nov 2026 14:05`; with seconds where minutes are too coarse.
package func moment(_ date: Date, seconds: Bool = false) -> String {
    let parts = DayParts(date)
    let clock = "\(two(parts.hour)):\(two(parts.minute))" + (seconds ? ":\(two(parts.second))" : "")
    return "\(parts.day) \(DayParts.months[parts.month - 1]) \(parts.year) \(clock)"
}

/// A date and time in UTC, apart.
struct DayParts {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let year, month, day, hour, minute, second: Int

    init(_ date: Date) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        (year, month, day) = (parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
        (hour, minute, second) = (parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
    }
}

func two(_ number: Int) -> String { String(number).leftPadded(to: 2, with: "0") }

/// `a`, `a and b`, `a, b and c`.
func listed(_ items: [String]) -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + items.last!
}

extension String {
    /// The text with a capital first letter.
    var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }

    /// The text as a sentence: capital at the start, a full stop at the end.
    var asSentence: String {
        let text = trimmed.capitalizedSentence
        return text.isEmpty || ".!?".contains(text.last!) ? text : text + "."
    }

    /// The text without anything that moves a cursor, changes a colour or turns the reading
    /// direction: labels, names and reasons come from outside.
    var printable: String {
        guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            result.append(
                scalar.isUnprintable ? (scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}") : scalar)
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    fileprivate var isUnprintable: Bool {
        switch properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: true
        default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        }
    }
}
