import Glibc

// The few figures that policies speak of, as people read them. Nothing here depends on a locale.

/// A number with a fixed count of decimals: `decimals(1.005, 2)` is "1.00" or "1.01" as the double lies.
package func decimals(_ x: Double, _ places: Int) -> String {
    guard x.isFinite else { return "\(x)" }
    let scale = pow(10, Double(places))
    let scaled = (abs(x) * scale).rounded()
    guard scaled < 1e15 else { return "\(x)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let whole = padded.dropLast(places)
    let sign = x < 0 && scaled > 0 ? "−" : ""
    return places == 0 ? sign + padded : sign + whole + "." + padded.suffix(places)
}

/// A share as a percentage: 0.8123 is "81.2 %".
package func percent(_ share: Double) -> String { decimals(share * 100, 1) + " %" }

/// A difference of shares in percentage points with its sign: −0.031 is "−3.1 points".
package func points(_ difference: Double) -> String { signed(difference * 100, 1) + " points" }

/// A number that always shows its sign.
package func signed(_ x: Double, _ places: Int) -> String {
    let text = decimals(x, places)
    return x > 0 && text.contains { ("1"..."9").contains($0) } ? "+" + text : text
}

/// A probability: "0.021", or "below 0.0001".
package func probability(_ p: Double) -> String { p < 0.0001 ? "below 0.0001" : decimals(p, 4) }

/// A power of ten with two significant digits: 4.301 is "20,000", 6.99 is "9.8 million". How
/// evidence is told: nobody thinks in logarithms.
package func magnitude(log10 exponent: Double) -> String {
    guard exponent.isFinite else { return exponent > 0 ? "∞" : "0" }
    let units = [(12.0, " trillion"), (9, " billion"), (6, " million")]
    guard exponent < 15 else { return "over a thousand trillion" }
    if let unit = units.first(where: { exponent >= $0.0 }) { return significant(exponent - unit.0) + unit.1 }
    return significant(exponent)
}

private func significant(_ exponent: Double) -> String {
    let value = pow(10, exponent)
    guard value >= 10 else { return decimals(value, 1) }
    let step = pow(10, floor(exponent) - 1)
    return grouped(Int((value / step).rounded() * step))
}

/// 12345 as "12,345".
private func grouped(_ count: Int) -> String {
    guard count >= 10_000 else { return "\(count)" }
    var rest = String(count)[...]
    var groups: [Substring] = []
    while rest.count > 3 {
        groups.insert(rest.suffix(3), at: 0)
        rest = rest.dropLast(3)
    }
    return ([rest] + groups).joined(separator: ",")
}

/// A span of time by its two largest units: 22 500 s is "6 h 15 min".
package func span(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "forever" }
    let total = Int(max(0, seconds).rounded(.up))
    let units = [
        (total / 86_400, "d"), (total % 86_400 / 3_600, "h"), (total % 3_600 / 60, "min"), (total % 60, "s"),
    ]
    let shown = units.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
    return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
}

/// "1 label", "2 labels".
package func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
