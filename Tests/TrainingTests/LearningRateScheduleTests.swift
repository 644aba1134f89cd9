import Testing
import Training

@Suite struct LearningRateScheduleTests {
    private let schedule = LearningRateSchedule(peak: 2, warmupSteps: 10, totalSteps: 50)

    @Test func `it rises in a line, peaks once and falls in a line to zero`() {
        let rates = (0...50).map(schedule.learningRate)
        #expect(rates[0] == 0)
        #expect(rates[5] == 1)
        #expect(rates[10] == 2)
        #expect(rates[30] == 1)
        #expect(rates[50] == 0)
        #expect(zip(rates, rates.dropFirst()).prefix(10).allSatisfy { $0 < $1 })
        #expect(zip(rates, rates.dropFirst()).dropFirst(10).allSatisfy { $0 > $1 })
    }

    @Test func `it never leaves the range from zero to the peak`() {
        #expect((0..<200).map(schedule.learningRate).allSatisfy { 0...2 ~= $0 })
    }

    @Test func `without a warm-up it begins at the peak`() {
        #expect(LearningRateSchedule(peak: 3, warmupSteps: 0, totalSteps: 5).learningRate(at: 0) == 3)
    }

    @Test(arguments: [(0, 0), (1, 1), (0, 1), (5, 5)]) func `the shortest runs have a finite rate`(
        _ steps: (Int, Int)
    ) {
        let schedule = LearningRateSchedule(peak: 1, warmupSteps: steps.0, totalSteps: steps.1)
        #expect((0...6).map(schedule.learningRate).allSatisfy { $0.isFinite && 0...1 ~= $0 })
    }
}
