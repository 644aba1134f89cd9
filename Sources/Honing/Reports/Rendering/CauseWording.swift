import Drift

extension CauseReport {
    /// The cause in two words.
    var title: String {
        switch cause {
        case "labelShift": "label shift"
        case "covariateShift": "other texts (covariate shift)"
        case "conceptDrift": "other meaning (concept drift)"
        case "calibrationOnly": "confidence only (calibration)"
        case "dataFault": "broken data"
        case "ownSwap": "Hone's own swap of the model"
        default: "not clear yet"
        }
    }

    /// What was compared with what.
    var basis: String {
        let now = "\(counted(rows, "row")) now"
        guard referenceRows > 0 else { return now + ", none to hold them against" }
        return now + " against \(grouped(referenceRows)) "
            + (comparedWith == "judged" ? "that judged the version" : "from before")
    }

    /// When it began, with the range.
    var beginning: String? {
        began.map {
            "\(moment($0.at)) UTC, between \(moment($0.earliest)) and \(moment($0.latest)): "
                + "\(percent($0.errorBefore)) mistakes before, \(percent($0.errorSince)) since"
        }
    }
}

extension CauseReport.Figure {
    /// What was measured, in a few words.
    var title: String {
        switch name {
        case "mistakes": "mistakes"
        case "familiarMistakes": "mistakes on texts of the familiar kind"
        case "classDistance": "rows that changed their class"
        case "classAppearance": "classes look otherwise (G)"
        case "calibrationError": "confidence is off by (ECE)"
        case "domainArea": "texts tell new from old (AUC)"
        case "rejectedRows": "rows that cannot be read"
        case "duplicates": "texts that repeat an earlier one"
        case "unknownTokens": "unknown words"
        case "foreignTexts": "texts in another language"
        case "sameLengths": "texts of one and the same length"
        default: name
        }
    }

    private var isShare: Bool { name != "classAppearance" && name != "domainArea" }

    var now: String { isShare ? percent(value) : decimals(value, 2) }
    var before: String { reference.map { isShare ? percent($0) : decimals($0, 2) } ?? "–" }
    var chance: String { pValue.map { probability($0) } ?? "–" }
}

extension CauseReport.Word {
    /// `not (×12)`, or how often where it is new.
    var note: String {
        countBefore == 0
            ? "\(term) (\(grouped(count)), never before)"
            : count == 0
                ? "\(term) (never, \(grouped(countBefore)) before)"
                : "\(term) (×\(decimals(timesAsOften, 1)))"
    }
}

extension CauseReport.Confusion {
    var sentence: String {
        "\(label) is taken for \(takenFor) in \(percent(share)) of its rows, \(percent(shareBefore)) before"
    }
}

extension SliceComparison {
    var title: String { "\(property): \(value)" }
}
