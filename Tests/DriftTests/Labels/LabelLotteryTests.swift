import Drift
import Testing

/// The lots that choose what is labelled.
@Suite struct LabelLotteryTests {
    private func tickets(_ count: Int, seed: UInt64) -> [LabelLottery.Ticket] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let sure = 0.5 + Double.random(in: 0..<0.5, using: &random)
            return .init(
                audit: Double.random(in: 0..<1, using: &random),
                doubt: Double.random(in: 0..<1, using: &random),
                probabilities: [sure, 1 - sure])
        }
    }

    @Test func `half is drawn by plain lot and half by doubt, in turn`() {
        let tickets = tickets(1_000, seed: 1)
        let draws = LabelLottery().draw(40, from: tickets)

        #expect(draws.count == 40 && Set(draws.map(\.place)).count == 40)
        #expect(draws.count { $0.lot == .audit } == 20)
        #expect(draws.prefix(10).count { $0.lot == .audit } == 5)
        #expect(draws.allSatisfy { $0.propensity > 0 && $0.propensity <= 1 })
        let doubted = draws.filter { $0.lot == .doubt }.map { tickets[$0.place].weight }
        let all = tickets.reduce(0) { $0 + $1.weight } / 1_000
        #expect(doubted.reduce(0, +) / 20 > 1.15 * all)
        #expect(LabelLottery().draw(40, from: tickets) == draws)
    }

    @Test func `what is drawn first stays first when more is drawn`() {
        let tickets = tickets(500, seed: 2)
        func order(_ count: Int, _ lot: LabelLottery.Draw.Lot) -> [Int] {
            LabelLottery().draw(count, from: tickets).filter { $0.lot == lot }.map(\.place)
        }
        #expect(order(60, .audit).prefix(10) == order(20, .audit)[...])
    }

    @Test func `few answers are all drawn, and without answers none`() {
        let tickets = tickets(7, seed: 3)
        #expect(Set(LabelLottery().draw(20, from: tickets).map(\.place)) == Set(0..<7))
        #expect(LabelLottery().draw(20, from: []).isEmpty)
        #expect(LabelLottery(auditShare: 1).draw(5, from: tickets).allSatisfy { $0.lot == .audit })
        #expect(LabelLottery(auditShare: 0).draw(5, from: tickets).allSatisfy { $0.lot == .doubt })
    }

    @Test func `answers are drawn as often as their propensity says`() {
        var random = SplitMix64(seed: 4)
        let sure = (0..<30).map { _ in 0.5 + Double.random(in: 0..<0.5, using: &random) }
        var drawn = [Int](repeating: 0, count: 30)
        var promised = [Double](repeating: 0, count: 30)
        let rounds = 20_000
        for _ in 0..<rounds {
            let tickets = sure.map {
                LabelLottery.Ticket(
                    audit: Double.random(in: 0..<1, using: &random),
                    doubt: Double.random(in: 0..<1, using: &random), probabilities: [$0, 1 - $0])
            }
            for draw in LabelLottery(auditShare: 0).draw(8, from: tickets) {
                drawn[draw.place] += 1
                promised[draw.place] = draw.propensity
            }
        }
        for place in 0..<30 where promised[place] > 0 {
            let share = Double(drawn[place]) / Double(rounds)
            // Sequential Poisson sampling keeps its chances nearly, not exactly.
            #expect(abs(share - promised[place]) < 0.03, "\(place): \(share) \(promised[place])")
        }
    }

    @Test func `rows weighted by their propensity give the mean of all`() {
        var random = SplitMix64(seed: 5)
        // Wrong where it was unsure: the doubt lot alone would tell of far too many mistakes.
        let rows = (0..<2_000).map { _ in
            let sure = 0.5 + Double.random(in: 0..<0.5, using: &random)
            return (sure: sure, loss: Double.random(in: 0..<1, using: &random) < 1 - sure ? 1.0 : 0)
        }
        let truth = rows.reduce(0) { $0 + $1.loss } / 2_000
        var (weighted, plain) = (0.0, 0.0)
        let rounds = 60
        for _ in 0..<rounds {
            let tickets = rows.map {
                LabelLottery.Ticket(
                    audit: Double.random(in: 0..<1, using: &random),
                    doubt: Double.random(in: 0..<1, using: &random), probabilities: [$0.sure, 1 - $0.sure])
            }
            var selection = LabelSelection()
            let draws = LabelLottery().draw(400, from: tickets)
            for draw in draws {
                selection.add(loss: rows[draw.place].loss, origin: .propensity, propensity: draw.propensity)
                plain += rows[draw.place].loss / 400
            }
            weighted += selection.mean!
        }
        #expect(abs(weighted / Double(rounds) - truth) < 0.01, "\(weighted / Double(rounds)) \(truth)")
        #expect(plain / Double(rounds) > truth + 0.02)
    }

    @Test func `an answer without probabilities has a chance too`() {
        let ticket = LabelLottery.Ticket(audit: 0.5, doubt: 0.5, probabilities: [])
        #expect(ticket.weight == 0.01)
        #expect(LabelLottery.Ticket(audit: 0, doubt: 0, probabilities: [.nan, 0.5, 0.5]).weight == 1)
    }
}
