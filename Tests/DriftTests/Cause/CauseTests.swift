import Drift
import Testing

@Suite struct CauseTests {
    private let policy = CausePolicy()

    /// A model that went from 10 to 30 mistakes in 100, with everything else as it was.
    private func worse() -> CauseEvidence {
        var evidence = CauseEvidence(labels: ["sports", "politics"])
        evidence.mistakes = ShareChange(300, of: 1_000, before: 100, of: 1_000)
        evidence.classCounts = [500, 500]
        evidence.referenceClassCounts = [505, 495]
        evidence.domain = .init(area: 0.51, pValue: 0.4)
        evidence.familiarMistakes = ShareChange(150, of: 500, before: 100, of: 1_000)
        evidence.onset = Onset(index: 420, range: 400...450, method: .likelihood)
        return evidence
    }

    private func same() -> CauseEvidence {
        var evidence = worse()
        evidence.mistakes = ShareChange(102, of: 1_000, before: 100, of: 1_000)
        evidence.familiarMistakes = ShareChange(50, of: 500, before: 100, of: 1_000)
        return evidence
    }

    @Test func `where nothing changed there is no cause`() {
        #expect(policy.diagnose(same()) == nil)
        #expect(policy.diagnose(CauseEvidence(labels: [])) == nil)
    }

    @Test func `familiar texts with other labels are concept drift`() throws {
        let found = try #require(policy.diagnose(worse()))
        #expect(found.cause == .conceptDrift)
        #expect(found.accuracyFell == true)
        #expect(
            found.sentence
                == "What the labels mean seems to have changed: texts of the familiar kind, which the model used to "
                + "judge well, now often carry another label. It makes 30 mistakes in 100 texts, 10 before.")
        #expect(found.remedy == "Train again on fresh labels, with a part of the old ones.")
        #expect(found.onset?.index == 420)
        #expect(found.missing.isEmpty)
        #expect(found.figures.map(\.name) == ["mistakes", "familiarMistakes", "classDistance", "domainArea"])
    }

    @Test func `new texts that are judged worse, while old ones are not, are a covariate shift`() throws {
        var evidence = worse()
        evidence.domain = .init(area: 0.8, pValue: 1e-9)
        evidence.familiarMistakes = ShareChange(55, of: 500, before: 100, of: 1_000)
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .covariateShift)
        #expect(found.sentence.contains("on texts of the familiar kind it is as good as before"))

        evidence.familiarMistakes = ShareChange(150, of: 500, before: 100, of: 1_000)
        #expect(policy.diagnose(evidence)?.cause == .conceptDrift)

        // A few of them may be wrong as often as the new ones: they are not why accuracy fell.
        evidence.familiarMistakes = ShareChange(30, of: 60, before: 100, of: 1_000)
        let few = try #require(policy.diagnose(evidence))
        #expect(few.cause == .covariateShift)
        #expect(few.sentence.contains("those of the familiar kind are too few to explain the fall"))
        #expect(few.missing == ["labels of texts that look familiar"])
        evidence.familiarMistakes = ShareChange(0, of: 0, before: 100, of: 1_000)
        #expect(policy.diagnose(evidence)?.cause == .covariateShift)

        evidence.familiarMistakes = nil
        let unknown = try #require(policy.diagnose(evidence))
        #expect(unknown.cause == .unknown)
        #expect(unknown.missing == ["labels of texts that look familiar"])
    }

    @Test func `new texts that are judged as well as ever need nothing`() throws {
        var evidence = same()
        evidence.domain = .init(area: 0.8, pValue: 1e-9)
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .covariateShift && found.accuracyFell == false)
        #expect(found.remedy == "Nothing need be done; it is noted.")

        evidence.mistakes = nil
        let blind = try #require(policy.diagnose(evidence))
        #expect(blind.accuracyFell == nil)
        #expect(blind.sentence.hasSuffix("Whether that hurts only labels can tell."))
        #expect(blind.missing.contains("labels of the newest rows"))
    }

    @Test func `other shares of the classes, each recognised as before, are a label shift`() throws {
        var evidence = worse()
        evidence.classCounts = [800, 200]
        evidence.confusion = confusion([[720, 80], [60, 140]])
        evidence.referenceConfusion = confusion([[450, 50], [150, 350]])
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .labelShift)
        #expect(
            found.sentence.hasPrefix(
                "The mix of classes has changed: “sports” is 80 of 100 texts, 51 before. "))

        // The same shares, but sports are not recognised any more.
        evidence.confusion = confusion([[400, 400], [60, 140]])
        #expect(policy.diagnose(evidence)?.cause == .conceptDrift)
    }

    @Test func `without labels the fit of a mixture speaks for a label shift`() throws {
        var evidence = same()
        evidence.mistakes = nil
        evidence.classCounts = [800, 200]
        evidence.labelShiftFit = gTest(of: [10, 20, 30], against: [100, 210, 290])
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .labelShift)
        #expect(found.sentence.hasSuffix("Each class looks as it did."))
        evidence.labelShiftFit = gTest(of: [10, 20, 30], against: [500, 20, 30])
        let strange = try #require(policy.diagnose(evidence))
        #expect(strange.cause == .unknown && strange.accuracyFell == nil)
        #expect(strange.sentence.hasSuffix("Whether that hurts only labels can tell."))
        evidence.labelShiftFit = nil
        #expect(policy.diagnose(evidence)?.missing.contains { $0.contains("recognised as before") } == true)
    }

    @Test func `confidence that broke its word alone asks for a temperature`() throws {
        var evidence = same()
        evidence.calibrationError = 0.09
        evidence.referenceCalibrationError = 0.02
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .calibrationOnly)
        #expect(found.sentence.contains("off by 9.0 % on average, 2.0 % before"))
        #expect(found.remedy.hasPrefix("Fit the temperature again"))
    }

    @Test(arguments: [
        ("duplicates", "34 texts in 100 repeat an earlier one, 2 before."),
        ("unknownTokens", "34 words in 100 are unknown to the model's vocabulary, 2 before."),
        ("foreignTexts", "34 texts in 100 are in another language, 2 before."),
        ("sameLengths", "34 texts in 100 have one and the same length, as if cut off, 2 before."),
        ("rejectedRows", "34 rows in 100 cannot be read, 2 before."),
    ]) func `broken data comes before every other cause`(_ name: String, _ words: String) throws {
        var evidence = worse()
        evidence.swapIndex = 425
        let change = ShareChange(340, of: 1_000, before: 20, of: 1_000)
        switch name {
        case "duplicates": evidence.duplicates = change
        case "unknownTokens": evidence.unknownTokens = change
        case "foreignTexts": evidence.foreignTexts = change
        case "sameLengths": evidence.sameLengths = change
        default: evidence.rejectedRows = change
        }
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .dataFault)
        #expect(found.sentence.hasSuffix(words))
    }

    @Test func `what began with our own swap is our own fault`() throws {
        var evidence = worse()
        evidence.swapIndex = 425
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .ownSwap)
        #expect(found.remedy == "Roll back to the model before.")
        evidence.swapIndex = 100
        #expect(policy.diagnose(evidence)?.cause == .conceptDrift)
    }

    @Test func `an alarm counts where few labels prove nothing, and ignorance is admitted`() throws {
        var evidence = CauseEvidence(labels: ["a", "b"])
        evidence.alarmStands = true
        let found = try #require(policy.diagnose(evidence))
        #expect(found.cause == .unknown)
        #expect(found.sentence.hasSuffix("The alarm on its mistakes stands."))
        #expect(found.missing.count == 3)
    }

    @Test func `many rows do not make a trifle a cause`() {
        var evidence = same()
        evidence.mistakes = ShareChange(110_000, of: 1_000_000, before: 100_000, of: 1_000_000)
        evidence.classCounts = [520_000, 480_000]
        evidence.referenceClassCounts = [500_000, 500_000]
        evidence.domain = .init(area: 0.55, pValue: 1e-30)
        #expect(policy.diagnose(evidence) == nil)
    }

    @Test func `evidence and diagnosis survive JSON`() throws {
        let evidence = worse()
        #expect(try roundTrip(evidence) == evidence)
        let found = try #require(policy.diagnose(evidence))
        #expect(try roundTrip(found) == found)
    }
}
