import Drift
import FoundationEssentials
import TestSupport
import Testing

/// Corrections, slices, words and onsets: the figures of statsmodels, SciPy and NumPy.
@Suite struct CauseReferenceTests {
    struct Reference: Decodable {
        let holm: [Holm]
        let student: [[Double]]
        let slices: Slices
        let words: [Words]
        let onsets: [Dated]
    }

    struct Holm: Decodable {
        let p: [Double]
        let corrected: [Double]
    }

    struct Slices: Decodable {
        struct Report: Decodable {
            let property: String
            let value: String
            let count: Int
            let p: Double
            let corrected: Double
            let meanLoss: Double
            let meanLossOutside: Double
        }

        let rows: [[String: String]]
        let losses: [Double]
        let reports: [Report]
    }

    struct Words: Decodable {
        let current: [String: Int]
        let reference: [String: Int]
        let priorSize: Double
        let terms: [String]
        let logOddsRatio: [Double]
        let z: [Double]
    }

    struct Dated: Decodable {
        let rows: [Int]
        let index: Int
        let range: [Int]
        let errorBefore: Double
        let errorAfter: Double
    }

    private let reference: Reference

    init() throws {
        reference = try JSONDecoder().decode(
            Reference.self, from: fixture("causes.json", beside: Stream.file))
    }

    @Test func `corrected p-values equal statsmodels'`() {
        for row in reference.holm {
            for (p, expected) in zip(holmCorrected(row.p), row.corrected) { #expect(isClose(p, expected)) }
        }
    }

    @Test func `Student's tail equals SciPy's`() {
        for row in reference.student {
            #expect(isClose(studentSurvival(row[0], degreesOfFreedom: row[1]), row[2], 1e-9))
        }
    }

    @Test func `slices equal Welch's tests of SciPy`() throws {
        var tally = SliceTally()
        for (row, loss) in zip(reference.slices.rows, reference.slices.losses) { tally.add(row, loss: loss) }
        let reports = tally.worstSlices(minimumSupport: 10)
        #expect(reports.count == reference.slices.reports.count)
        for expected in reference.slices.reports {
            let report = try #require(reports.first { $0.key == SliceKey(expected.property, expected.value) })
            #expect(report.count == expected.count)
            #expect(isClose(report.pValue, expected.p, 1e-7))
            #expect(isClose(report.correctedPValue, expected.corrected, 1e-7))
            #expect(isClose(report.meanLoss, expected.meanLoss, 1e-9))
            #expect(isClose(report.meanLossOutside, expected.meanLossOutside, 1e-9))
        }
    }

    @Test func `word shifts equal the formula in NumPy`() throws {
        for row in reference.words {
            let shifts = termShifts(
                of: counts(row.current), against: counts(row.reference), priorSize: row.priorSize,
                threshold: 0)
            let all = shifts.rising + shifts.falling
            #expect(all.count == row.terms.count)
            for (place, term) in row.terms.enumerated() {
                let shift = try #require(all.first { $0.term == term })
                #expect(isClose(shift.logOddsRatio, row.logOddsRatio[place], 1e-9))
                #expect(isClose(shift.z, row.z[place], 1e-9))
            }
        }
    }

    @Test func `the onset is SciPy's most likely split`() throws {
        for row in reference.onsets {
            let onset = try #require(mostLikelyOnset(of: row.rows.map { $0 == 1 }))
            #expect(onset.index == row.index)
            #expect(onset.range == row.range[0]...row.range[1])
            #expect(isClose(try #require(onset.errorBefore), row.errorBefore))
            #expect(isClose(try #require(onset.errorAfter), row.errorAfter))
        }
    }

    /// Terms with the given counts, each a text of its own.
    private func counts(_ terms: [String: Int]) -> TermCounts {
        var counts = TermCounts(order: 1)
        for (term, count) in terms { for _ in 0..<count { counts.add([term]) } }
        return counts
    }
}
