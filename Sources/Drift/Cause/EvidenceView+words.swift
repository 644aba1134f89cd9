// What was found, in words that need no statistics.

extension EvidenceView {
    func sentence(for cause: Cause) -> String {
        switch cause {
        case .labelShift: return mixSentence
        case .covariateShift:
            let start = "The texts look different from those that the model was judged on"
            switch accuracyFell {
            case true where familiarHeld:
                return start + "; on texts of the familiar kind it is as good as before. \(mistakes)"
            case true:
                return start + ", and those of the familiar kind are too few to explain the fall. \(mistakes)"
            case false: return start + ", and the model copes: it is right as often as before."
            default: return start + ". Whether that hurts only labels can tell."
            }
        case .conceptDrift:
            return "What the labels mean seems to have changed: texts of the familiar kind, which the model "
                + "used to judge well, now often carry another label. \(mistakes)"
        case .calibrationOnly:
            return
                "The model is right as often as before, but its confidence no longer keeps its word: it is "
                + "off by \(percent(evidence.calibrationError ?? 0)) on average, "
                + "\(percent(evidence.referenceCalibrationError ?? 0)) before."
        case .dataFault: return faultSentence
        case .ownSwap:
            return
                "It got worse when the live model was put in place, not through a change of the data. \(mistakes)"
        case .unknown:
            return accuracyFell == true
                ? "The model got worse, and what is known does not say why. \(mistakes)"
                : "The model answers otherwise than it used to, and not only because the classes come in other shares. "
                    + (accuracyFell == false
                        ? "It is right as often as before." : "Whether that hurts only labels can tell.")
        }
    }

    func remedy(for cause: Cause) -> String {
        switch cause {
        case .labelShift:
            accuracyFell == true
                ? "Correct for the new shares; a trial on labelled rows decides whether that helps."
                : accuracyFell == false
                    ? "Nothing need be done; keep an eye on the classes that became frequent."
                    : "Label a random sample of the new texts."
        case .covariateShift:
            accuracyFell == true
                ? "Label some of the new texts and train on them together with old ones."
                : accuracyFell == false
                    ? "Nothing need be done; it is noted." : "Label a random sample of the new texts."
        case .conceptDrift: "Train again on fresh labels, with a part of the old ones."
        case .calibrationOnly: "Fit the temperature again; no training is needed."
        case .dataFault: "Hold back the source and repair it; do not train on these rows."
        case .ownSwap: "Roll back to the model before."
        case .unknown: "Label a random sample of the newest texts, then look again."
        }
    }

    /// What evidence would make the answer surer.
    func missing(for cause: Cause) -> [String] {
        var missing = [String]()
        if accuracyFell == nil { missing.append("labels of the newest rows") }
        if inputsMoved == nil, cause != .dataFault, cause != .ownSwap {
            missing.append("text vectors of now and then")
        }
        if (cause == .unknown && familiarFell == nil) || (cause == .covariateShift && !familiarHeld),
            accuracyFell == true
        {
            missing.append("labels of texts that look familiar")
        }
        if cause == .labelShift, classesLookAlike == nil {
            missing.append("labels that show whether each class is recognised as before")
        }
        if evidence.onset == nil { missing.append("the date at which it began") }
        return missing
    }

    private var mistakes: String {
        guard let mistakes = evidence.mistakes, mistakes.currentCount > 0 else {
            return "The alarm on its mistakes stands."
        }
        let now = "It makes \(decimals(mistakes.currentShare * 100, 0)) mistakes in 100 texts"
        return mistakes.referenceCount == 0
            ? now + "." : now + ", \(decimals(mistakes.referenceShare * 100, 0)) before."
    }

    private var mixSentence: String {
        let (now, before) = (shares(evidence.classCounts), shares(evidence.referenceClassCounts))
        let moved = now.indices.max { abs(now[$0] - before[$0]) < abs(now[$1] - before[$1]) } ?? 0
        let name = evidence.labels.indices.contains(moved) ? evidence.labels[moved] : "class \(moved)"
        let mix =
            "The mix of classes has changed: “\(name)” is \(decimals(now[moved] * 100, 0)) of 100 texts, "
            + "\(decimals(before[moved] * 100, 0)) before."
        switch (accuracyFell, classesLookAlike) {
        case (true, _): return "\(mix) Each class is recognised as well as ever. \(mistakes)"
        case (_, true): return "\(mix) Each class looks as it did."
        default: return "\(mix) Whether each class still looks as it did only labels can tell."
        }
    }

    private var faultSentence: String {
        guard let fault = worstFault else { return "Something is wrong with the data." }
        let what =
            switch fault.name {
            case "rejectedRows": "rows in 100 cannot be read"
            case "duplicates": "texts in 100 repeat an earlier one"
            case "unknownTokens": "words in 100 are unknown to the model's vocabulary"
            case "sameLengths": "texts in 100 have one and the same length, as if cut off"
            default: "texts in 100 are in another language"
            }
        return "Something is wrong with what comes in, not with the model: "
            + "\(decimals(fault.change.currentShare * 100, 0)) \(what), "
            + "\(decimals(fault.change.referenceShare * 100, 0)) before."
    }

    var figures: [CauseFigure] {
        var figures = [CauseFigure]()
        func add(_ name: String, _ value: Double, _ reference: Double? = nil, _ pValue: Double? = nil) {
            figures.append(CauseFigure(name: name, value: value, reference: reference, pValue: pValue))
        }
        func add(_ name: String, _ change: ShareChange?) {
            guard let change else { return }
            add(name, change.currentShare, change.referenceShare, change.pValue)
        }
        add("mistakes", evidence.mistakes)
        add("familiarMistakes", evidence.familiarMistakes)
        if let classTest { add("classDistance", classDistance, 0, classTest.pValue) }
        if let test = conditionalTest { add("classAppearance", test.statistic, nil, test.pValue) }
        if let error = evidence.calibrationError {
            add("calibrationError", error, evidence.referenceCalibrationError)
        }
        if let domain = evidence.domain { add("domainArea", domain.area, 0.5, domain.pValue) }
        for fault in faults { add(fault.name, fault.change) }
        return figures
    }
}
