import Drift

extension SliceComparison {
    /// Parts of the rows by label, length, source, language and whatever else their sources said of them, beside the
    /// others, those that are worse beyond chance first; parts of fewer than 50 rows are not looked at, nor are rows
    /// that were chosen because they are wrong or hard.
    package static func worst(of rows: [CauseRow], limit: Int = 8) -> [SliceComparison] {
        let parted = rows.filter(\.isRepresentative).map {
            PartedRow(
                text: $0.text, label: $0.label, source: $0.source, tokens: $0.tokens, metadata: $0.metadata,
                loss: $0.loss)
        }
        return worstSlices(of: parted).prefix(limit).map {
            SliceComparison(
                property: $0.key.property, value: $0.key.value, count: $0.count, accuracy: 1 - $0.meanLoss,
                accuracyOutside: 1 - $0.meanLossOutside, pValue: $0.correctedPValue)
        }
    }
}

/// A row, and what it can be told apart from others by.
struct PartedRow {
    var text: String
    /// `nil` where its truth is no single class.
    var label: String?
    /// `nil` where nobody knows.
    var source: String?
    var tokens: Int
    /// Whatever else was said of it.
    var metadata: [String: String]
    /// From 0 for right to 1 for wrong.
    var loss: Double

    fileprivate var length: String {
        switch tokens {
        case ...16: "up to 16 tokens"
        case ...32: "17 to 32 tokens"
        case ...64: "33 to 64 tokens"
        case ...128: "65 to 128 tokens"
        default: "over 128 tokens"
        }
    }
}

/// Parts of rows beside all others, the worst first.
func worstSlices(of rows: [PartedRow]) -> [SliceFinding] {
    let columns = partitions(rows.map(\.metadata))
    var tally = SliceTally()
    for row in rows {
        var parts = row.metadata.filter { columns.contains($0.key) }
        parts["label"] = row.label
        parts["length"] = row.length
        if let source = row.source { parts["source"] = source }
        parts["language"] = LanguageGuess.of(row.text) ?? "no guess"
        tally.add(parts, loss: row.loss)
    }
    return tally.worstSlices()
}

/// The columns that part rows: one of more than fifty values is a name or a number of rows.
private func partitions(_ rows: [[String: String]]) -> Set<String> {
    var values: [String: Set<String>] = [:]
    for (column, value) in rows.joined() where values[column]?.count ?? 0 <= 50 {
        values[column, default: []].insert(value)
    }
    return Set(values.filter { $0.value.count <= 50 }.keys)
}
