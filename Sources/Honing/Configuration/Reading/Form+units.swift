extension Form<Duration> {
    /// A span of time: 30s, 5m, 6h, 7d.
    static func duration(_ range: ClosedRange<Duration>) -> Form {
        let example = range.contains(.seconds(30)) ? Duration.seconds(30) : range.lowerBound
        return .scalar(
            "a duration from \(range.lowerBound.written) to \(range.upperBound.written)",
            example: example.written, write: { $0.written }
        ) { text in
            Duration(written: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Form<Int> {
    /// An amount of memory or data in bytes: 512KB, 10MB, 2GiB.
    static func bytes(_ range: ClosedRange<Int>) -> Form {
        .scalar(
            "a size from \(writtenBytes(range.lowerBound)) to \(writtenBytes(range.upperBound))",
            example: range.contains(10_000_000) ? "10MB" : writtenBytes(range.lowerBound), write: writtenBytes
        ) { text in
            byteCount(written: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Duration {
    private static let units: [(suffix: String, seconds: Int64)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    /// Reads a whole number and a unit: ms, s, m, h, d or w.
    init?(written text: String) {
        if text.hasSuffix("ms") {
            guard let count = Int64(text.dropLast(2).trimmed), count >= 0, count < 1 << 40 else { return nil }
            self = .milliseconds(count)
            return
        }
        guard let unit = Self.units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int64(text.dropLast().trimmed), count >= 0, count < 1 << 31
        else { return nil }
        self = .seconds(count * unit.seconds)
    }

    /// The duration in the largest unit that gives a whole number.
    var written: String {
        let (seconds, attoseconds) = components
        guard attoseconds == 0 else { return "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)ms" }
        guard seconds != 0 else { return "0s" }
        // A week is read, but seven days are what people expect to see.
        let unit = Self.units.dropFirst().first { seconds % $0.seconds == 0 }!
        return "\(seconds / unit.seconds)\(unit.suffix)"
    }

    /// The duration in seconds.
    var inSeconds: Double { self / .seconds(1) }
}

private let byteUnits: [(suffix: String, bytes: Int)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("kB", 1_000),
    ("B", 1),
]

private func byteCount(written text: String) -> Int? {
    guard let unit = byteUnits.first(where: { text.hasSuffix($0.suffix) }),
        let count = Double(text.dropLast(unit.suffix.count).trimmed), count >= 0,
        count * Double(unit.bytes) < 1e18
    else { return nil }
    return Int(count * Double(unit.bytes))
}

/// The size in the largest unit that gives a whole number, a decimal one where there is one.
func writtenBytes(_ count: Int) -> String {
    let exact = byteUnits.filter { $0.suffix != "kB" && count >= $0.bytes && count % $0.bytes == 0 }
    let decimal = exact.first { !$0.suffix.contains("i") && $0.bytes > 1 }
    guard let unit = decimal ?? exact.first else { return "\(count)B" }
    return "\(count / unit.bytes)\(unit.suffix)"
}
