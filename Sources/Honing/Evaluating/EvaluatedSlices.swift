import Corpus
import Drift

/// A row that a model has answered.
struct JudgedExample {
    var example: Example
    var tokens: Int
    /// From 0 for right to 1 for wrong.
    var loss: Double
    var confidence: Double
}

/// Parts of the rows by label, length, language and whatever column was kept, the worst first.
func worstSlices(of rows: [JudgedExample]) -> [SliceFinding] {
    let columns = SliceComparison.partitions(rows.map(\.example.metadata))
    var tally = SliceTally()
    for row in rows {
        var parts = row.example.metadata.filter { columns.contains($0.key) }
        parts["label"] = row.example.label
        parts["length"] = SliceComparison.length(row.tokens)
        parts["language"] = LanguageGuess.of(row.example.text) ?? "no guess"
        tally.add(parts, loss: row.loss)
    }
    return tally.worstSlices()
}
