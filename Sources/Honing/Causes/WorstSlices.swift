import Drift

extension SliceComparison {
    /// Parts of the rows by label, length, source and language beside the others, those that are worse
    /// beyond chance first; parts of fewer than 50 rows are not looked at, nor are rows that were chosen
    /// because they are wrong or hard.
    package static func worst(of rows: [CauseRow], limit: Int = 8) -> [SliceComparison] {
        var tally = SliceTally()
        for row in rows where row.isRepresentative {
            tally.add(
                [
                    "label": row.label, "length": length(row.tokens), "source": row.source,
                    "language": LanguageGuess.of(row.text) ?? "no guess",
                ], loss: row.loss)
        }
        return tally.worstSlices().prefix(limit).map {
            SliceComparison(
                property: $0.key.property, value: $0.key.value, count: $0.count, accuracy: 1 - $0.meanLoss,
                accuracyOutside: 1 - $0.meanLossOutside, pValue: $0.correctedPValue)
        }
    }

    private static func length(_ tokens: Int) -> String {
        switch tokens {
        case ...16: "up to 16 tokens"
        case ...32: "17 to 32 tokens"
        case ...64: "33 to 64 tokens"
        case ...128: "65 to 128 tokens"
        default: "over 128 tokens"
        }
    }
}
