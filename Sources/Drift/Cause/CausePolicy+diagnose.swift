extension CausePolicy {
    /// The most plausible cause; nil where nothing changed that needs one.
    ///
    /// Asked in this order: is the data broken? Did it begin with our own swap? Then, where accuracy
    /// fell: are only the classes' shares different; is the model as good as ever on familiar texts;
    /// or do familiar texts carry other labels? Where accuracy held, or nobody knows: is only the
    /// confidence off, the mix of classes, the look of the texts? The same evidence always gives
    /// the same diagnosis.
    ///
    /// Source of the distinctions: Moreno-Torres et al., *A unifying view on dataset shift*,
    /// [doi:10.1016/j.patcog.2011.06.019](https://doi.org/10.1016/j.patcog.2011.06.019).
    public func diagnose(_ evidence: CauseEvidence) -> Diagnosis? {
        let view = EvidenceView(evidence: evidence, policy: self)
        guard let cause = cause(of: view) else { return nil }
        return Diagnosis(
            cause: cause, accuracyFell: view.accuracyFell, sentence: view.sentence(for: cause),
            remedy: view.remedy(for: cause), figures: view.figures, onset: evidence.onset,
            missing: view.missing(for: cause))
    }

    private func cause(of view: EvidenceView) -> Cause? {
        if view.worstFault != nil { return .dataFault }
        guard view.accuracyFell == true else { return causeWithoutHarm(view) }
        if view.beganWithSwap { return .ownSwap }
        if view.classesMoved && view.classesLookAlike == true { return .labelShift }
        switch (view.inputsMoved, view.familiarFell) {
        case (true, false): return .covariateShift
        // Texts that the model knows are judged wrongly, or it knows all of them.
        case (_, true), (false, _): return .conceptDrift
        case (true, nil), (nil, _): return .unknown
        }
    }

    /// Where accuracy held, or nobody knows.
    private func causeWithoutHarm(_ view: EvidenceView) -> Cause? {
        if view.accuracyFell == false && view.calibrationRose { return .calibrationOnly }
        if view.classesMoved && view.classesLookAlike == true { return .labelShift }
        if view.inputsMoved == true { return .covariateShift }
        guard view.classesMoved else { return nil }
        return view.classesLookAlike == nil ? .labelShift : .unknown
    }
}

/// The evidence as answers to plain questions; nil where it does not say.
struct EvidenceView {
    let evidence: CauseEvidence
    let policy: CausePolicy

    /// One way in which the data may be broken.
    struct Fault {
        let name: String
        let change: ShareChange
        let limit: Double
    }

    var faults: [Fault] {
        [
            ("rejectedRows", evidence.rejectedRows, policy.rejectedRowsRise),
            ("duplicates", evidence.duplicates, policy.duplicatesRise),
            ("unknownTokens", evidence.unknownTokens, policy.unknownTokensRise),
            ("foreignTexts", evidence.foreignTexts, policy.foreignTextsRise),
            ("sameLengths", evidence.sameLengths, policy.sameLengthsRise),
        ].compactMap { name, change, limit in
            change.map { Fault(name: name, change: $0, limit: limit) }
        }
    }

    /// The fault that exceeds its limit by most.
    var worstFault: Fault? {
        faults.filter { rose($0.change, by: $0.limit) }
            .max { $0.change.rise / $0.limit < $1.change.rise / $1.limit }
    }

    var accuracyFell: Bool? {
        if evidence.alarmStands { return true }
        guard let mistakes = evidence.mistakes, mistakes.currentCount > 0 else { return nil }
        return rose(mistakes, by: policy.mistakesRise)
    }

    /// Whether familiar texts are judged worse, and are so many that it matters.
    ///
    /// In a stream of wholly new texts a few look familiar by chance and are wrong as often as the others: that
    /// their mistakes rose says nothing of the old kind, and explains next to nothing of the fall.
    var familiarFell: Bool? {
        guard let familiar = evidence.familiarMistakes else { return nil }
        guard rose(familiar, by: policy.mistakesRise) else { return false }
        guard let all = evidence.mistakes, all.rise > 0 else { return true }
        func more(_ change: ShareChange) -> Double { change.rise * Double(change.currentCount) }
        return more(familiar) >= policy.familiarPart * more(all)
    }

    /// Whether there are familiar texts enough to see that they are judged as well as ever.
    var familiarHeld: Bool {
        evidence.familiarMistakes.map {
            $0.currentCount >= policy.fewestFamiliar && !rose($0, by: policy.mistakesRise)
        } ?? false
    }

    var beganWithSwap: Bool {
        guard let onset = evidence.onset, let swap = evidence.swapIndex else { return false }
        return onset.range.contains(swap)
    }

    var calibrationRose: Bool {
        guard let now = evidence.calibrationError, let before = evidence.referenceCalibrationError else {
            return false
        }
        return now - before >= policy.calibrationRise
    }

    var classTest: TwoSampleTest? {
        guard !evidence.classCounts.isEmpty,
            evidence.classCounts.count == evidence.referenceClassCounts.count
        else { return nil }
        return gTest(of: evidence.classCounts, against: evidence.referenceClassCounts)
    }

    /// The part of the rows that changed their class.
    var classDistance: Double {
        let (now, before) = (shares(evidence.classCounts), shares(evidence.referenceClassCounts))
        return zip(now, before).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }

    var classesMoved: Bool {
        guard let classTest else { return false }
        return classTest.pValue <= policy.significance && classDistance >= policy.classShift
    }

    /// Whether each class is recognised as it was: by its labelled rows, or else by the fit of a mixture.
    var conditionalTest: TwoSampleTest? {
        guard let now = evidence.confusion, let before = evidence.referenceConfusion,
            now.counts.count == before.counts.count, now.total > 0, before.total > 0
        else { return evidence.labelShiftFit }
        // Independent tests a class: their statistics and their degrees of freedom add up.
        let tests = zip(now.counts, before.counts).map { gTest(of: $0, against: $1) }
        let statistic = tests.reduce(0) { $0 + $1.statistic }
        let freedom = tests.reduce(0) { $0 + ($1.statistic > 0 ? $1.degreesOfFreedom ?? 0 : 0) }
        return TwoSampleTest(
            statistic: statistic,
            pValue: freedom > 0 ? chiSquaredSurvival(statistic, degreesOfFreedom: freedom) : 1,
            degreesOfFreedom: freedom)
    }

    var classesLookAlike: Bool? { conditionalTest.map { $0.pValue > policy.significance } }

    var inputsMoved: Bool? {
        evidence.domain.map { $0.pValue <= policy.significance && $0.area >= policy.domainArea }
    }

    func shares(_ counts: [Int]) -> [Double] {
        let total = Double(max(1, counts.reduce(0, +)))
        return counts.map { Double($0) / total }
    }

    private func rose(_ change: ShareChange, by limit: Double) -> Bool {
        change.rise >= limit && change.pValue <= policy.significance
    }
}
