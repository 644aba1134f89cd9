import Testing
import Training

@Suite struct EarlyStoppingTests {
    /// What is said to evaluations one after another, and whether training goes on in the end.
    private func judge(
        patience: Int, _ evaluations: [(accuracy: Double, loss: Double)]
    ) -> (isBest: [Bool], stopping: EarlyStopping) {
        var stopping = EarlyStopping(patience: patience)
        let isBest = evaluations.enumerated().map {
            stopping.isBest(accuracy: $1.accuracy, loss: $1.loss, step: $0)
        }
        return (isBest, stopping)
    }

    @Test func `it stops after as many evaluations without a better one as it has patience`() {
        let patient = judge(patience: 2, [(0.5, 1), (0.6, 1.1)])
        #expect(patient.isBest == [true, false])
        #expect(!patient.stopping.shouldStop)

        let done = judge(patience: 2, [(0.5, 1), (0.6, 1.1), (0.5, 1)])
        #expect(done.stopping.shouldStop)
        #expect(done.stopping.best?.step == 0)
    }

    @Test func `a better evaluation renews its patience`() {
        let (isBest, stopping) = judge(patience: 2, [(0.5, 1), (0.6, 2), (0.4, 0.9), (0.4, 0.9)])
        #expect(isBest == [true, false, true, false])
        #expect(!stopping.shouldStop)
    }

    @Test func `a lucky count of right answers is not better, but at the same loss it is`() {
        #expect(judge(patience: 9, [(0.5, 1), (0.7, 1.2), (0.5, 0.9)]).isBest == [true, false, true])
        #expect(judge(patience: 9, [(0.5, 1), (0.6, 1), (0.4, 1)]).isBest == [true, true, false])
    }

    @Test func `a loss that is no number is never better`() {
        #expect(judge(patience: 9, [(0.5, 1), (0.5, .nan)]).isBest == [true, false])
    }
}
