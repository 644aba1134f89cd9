import Drift
import Testing

@Suite struct RemedyLadderTests {
    private let everything = {
        var ladder = RemedyLadder()
        ladder.rungs = Set(Remedy.allCases)
        return ladder
    }()
    private let fallen = RemedyLadder.Facts(
        lost: .accuracy(promised: 0.9), classShift: 0.3, archivedVersions: 2)

    /// Climbs until nothing is left, each rung ending as `outcome` says.
    private func climb(
        _ ladder: RemedyLadder, _ facts: RemedyLadder.Facts, _ outcome: (Remedy) -> RemedyAttempt.Outcome
    ) -> (tried: [Remedy], lasts: [Remedy], end: RemedyLadder.Step) {
        var attempts: [RemedyAttempt] = []
        var lasts: [Remedy] = []
        while true {
            let step = ladder.next(after: attempts, facts)
            guard case .attempt(let remedy, let isLast) = step else {
                return (attempts.map(\.remedy), lasts, step)
            }
            if isLast { lasts.append(remedy) }
            attempts.append(RemedyAttempt(remedy, outcome(remedy)))
        }
    }

    @Test func `rungs are climbed from cheap to dear, each once, and only the dearest is the last`() {
        let climbed = climb(everything, fallen) { _ in .refused }
        #expect(climbed.tried == [.prior, .archive, .head, .lora, .full, .base])
        #expect(climbed.lasts == [.base])
        #expect(climbed.end == .stop)
    }

    @Test(arguments: [Remedy.archive, .head, .full])
    func `the climb ends with the first that is let in`(_ good: Remedy) {
        let climbed = climb(everything, fallen) { $0 == good ? .promoted : .hopeless }
        #expect(climbed.tried.last == good)
        #expect(climbed.end == .stop)
    }

    @Test func `what mends a part is followed by the dear one, and taken where that fails`() {
        let climbed = climb(RemedyLadder(), fallen) { remedy in
            switch remedy {
            case .archive, .head: .partial
            case .full: .failed
            default: .refused
            }
        }
        #expect(climbed.tried == [.prior, .archive, .head, .full])
        #expect(climbed.end == .settle(.head))
    }

    @Test func `only what could give back what was lost is tried`() {
        var facts = fallen
        facts.classShift = 0.05
        facts.archivedVersions = 0
        #expect(everything.applicable(facts) == [.head, .lora, .full, .base])
        facts.lost = .calibration
        #expect(everything.applicable(facts) == [.temperature])
        facts.lost = .nothing
        #expect(everything.applicable(facts) == [.full])
    }

    @Test(arguments: Remedy.allCases)
    func `an operator's rung is the only one, whatever is lost and whatever the ladder holds`(
        _ wanted: Remedy
    ) {
        var ladder = RemedyLadder()
        ladder.rungs = [.head]
        var facts = RemedyLadder.Facts(lost: .nothing, classShift: 0, archivedVersions: 0)
        facts.forced = wanted
        let climbed = climb(ladder, facts) { _ in .refused }
        #expect(climbed.tried == [wanted] && climbed.lasts == [wanted])
    }

    @Test func `restored is what keeps the promise, hopeless what misses it by more than chance`() {
        let ladder = RemedyLadder()
        let lost = Loss.accuracy(promised: 0.9)
        #expect(ladder.restores(90, of: 100, lost: lost))
        #expect(ladder.restores(89, of: 100, lost: lost))
        #expect(!ladder.restores(88, of: 100, lost: lost))
        #expect(!ladder.restores(0, of: 0, lost: lost))
        // 0.86 and its standard error of 0.035 reach 0.89; 0.80 and 0.04 do not.
        #expect(!ladder.isHopeless(86, of: 100, lost: lost))
        #expect(ladder.isHopeless(80, of: 100, lost: lost))
        #expect(!ladder.isHopeless(0, of: 29, lost: lost))
        #expect(!ladder.isHopeless(0, of: 100, lost: .nothing))
    }
}
