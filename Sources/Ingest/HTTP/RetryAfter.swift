package import FoundationEssentials

/// How long a server asks to be left alone: seconds or a date (RFC 9110 §10.2.3).
///
/// - Returns: `nil` for what is neither; a date that has passed is no pause.
package func retryAfter(_ text: String, now: Date) -> Duration? {
    if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
        // More digits than a year of seconds needs say "very long" all the same.
        return .seconds(Int(text).map { min($0, 31_536_000) } ?? 31_536_000)
    }
    guard let date = httpDate(text) else { return nil }
    return .seconds(min(max(date.timeIntervalSince(now), 0), 31_536_000))
}
