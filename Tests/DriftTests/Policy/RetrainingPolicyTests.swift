import Drift
import Testing

@Suite struct RetrainingPolicyTests {
    private let policy = RetrainingPolicy()
    private let hour = 3_600.0
    private let day = 86_400.0
    private let now = 1_800_000_000.0

    private let alarm = AccuracyAlarm(
        detector: "Shiryaev-Roberts", log10Evidence: 4.4, log10Threshold: 4.3, observations: 612,
        labelsSinceChange: 258)

    @Test func `nothing happens without a reason`() {
        let decision = policy.decide(Evidence(now: now, newLabels: 100_000))
        #expect(decision == .wait(.nothingToDo))
        #expect(decision.sentence == "Waiting: nothing speaks for a training.")
        #expect(decision.reason == nil)
    }

    @Test func `an alarm with enough labels starts a training`() {
        let decision = policy.decide(Evidence(now: now, newLabels: 200, accuracyAlarm: alarm))
        #expect(decision == .retrain(.accuracyAlarm(alarm)))
        #expect(decision.reason?.name == "accuracy")
        #expect(decision.reason?.purpose == .benefit)
        #expect(
            decision.sentence
                == "Retraining: Shiryaev-Roberts finds the error above its promise, evidence 25,000, alarm at 20,000, "
                + "after 612 labels; the change seems to have begun 258 labels ago.")
    }

    @Test func `an alarm waits for labels to learn from`() {
        let decision = policy.decide(Evidence(now: now, newLabels: 57, accuracyAlarm: alarm))
        #expect(decision == .wait(.tooFewNewLabels(have: 57, need: 200, for: .accuracyAlarm(alarm))))
        #expect(decision.sentence.hasSuffix("but there are only 57 of 200 new labels needed to learn from."))
    }

    @Test func `an alarm waits for labels from after the change, however many came before`() {
        let young = AccuracyAlarm(
            detector: "Shiryaev-Roberts", log10Evidence: 4.4, log10Threshold: 4.3, observations: 612,
            labelsSinceChange: 58)
        let decision = policy.decide(Evidence(now: now, newLabels: 612, accuracyAlarm: young))
        #expect(decision == .wait(.tooFewNewLabels(have: 58, need: 200, for: .accuracyAlarm(young))))
    }

    @Test func `an alarm waits for the cool-down`() {
        let evidence = Evidence(
            now: now, newLabels: 500, lastRunEndedAt: now - 1 * hour, accuracyAlarm: alarm)
        let decision = policy.decide(evidence)
        #expect(decision == .wait(.coolingDown(remaining: 5 * hour, refusals: 0, for: .accuracyAlarm(alarm))))
        #expect(decision.sentence.hasSuffix("but the cool-down lasts another 5 h."))

        var later = evidence
        later.now += 5 * hour
        #expect(policy.decide(later) == .retrain(.accuracyAlarm(alarm)))
    }

    @Test func `the cool-down doubles with each refusal up to a week`() {
        let hours = [0, 1, 2, 3, 4, 5, 100].map { policy.coolDown(afterRefusals: $0) / hour }
        #expect(hours == [6, 12, 24, 48, 96, 168, 168])
        let decision = policy.decide(
            Evidence(
                now: now, newLabels: 500, lastRunEndedAt: now - 7 * hour, refusalsInARow: 1,
                accuracyAlarm: alarm))
        #expect(
            decision.sentence.hasSuffix(
                "but the cool-down after 1 run without a promotion lasts another 5 h."))
    }

    @Test func `a clock set back does not stretch the wait`() {
        let decision = policy.decide(
            Evidence(now: now, newLabels: 500, lastRunEndedAt: now + 400 * day, accuracyAlarm: alarm))
        #expect(decision == .wait(.coolingDown(remaining: 6 * hour, refusals: 0, for: .accuracyAlarm(alarm))))
    }

    @Test func `a day has a limited number of runs`() {
        var policy = policy
        policy.coolDown = 0
        let starts = [30, 20, 15, 10, 5].map { now - $0 * hour }
        let evidence = Evidence(now: now, newLabels: 500, recentRunStarts: starts, accuracyAlarm: alarm)
        #expect(
            policy.decide(evidence)
                == .wait(.dailyLimit(runs: 4, limit: 4, remaining: 4 * hour, for: .accuracyAlarm(alarm))))

        var later = evidence
        later.now += 4 * hour + 1
        #expect(policy.decide(later) == .retrain(.accuracyAlarm(alarm)))
    }

    @Test func `no run starts by itself in blackout hours, but a person may`() throws {
        var policy = policy
        // `now` is at 08:00 UTC.
        policy.blackouts = [try #require(BlackoutHours(written: "07:00-10:00"))]
        var evidence = Evidence(now: now, newLabels: 500, accuracyAlarm: alarm)
        #expect(
            policy.decide(evidence) == .wait(.blackout(remaining: 2 * hour, for: .accuracyAlarm(alarm))))
        #expect(policy.decide(evidence).sentence.hasSuffix("these are blackout hours for another 2 h."))

        evidence.request = ManualRequest(actor: "ada", reason: "")
        #expect(policy.decide(evidence).reason?.name == "manual")
        evidence.request = nil
        evidence.now += 2 * hour
        #expect(policy.decide(evidence) == .retrain(.accuracyAlarm(alarm)))
    }

    @Test func `the processor time of a day is limited`() {
        var policy = policy
        policy.cpuBudget = 3_600
        var evidence = Evidence(now: now, newLabels: 500, cpuSecondsToday: 3_600, accuracyAlarm: alarm)
        #expect(
            policy.decide(evidence)
                == .wait(.cpuBudget(used: 3_600, budget: 3_600, for: .accuracyAlarm(alarm))))
        #expect(policy.decide(evidence).sentence.hasSuffix("but 1 h of 1 h processor time a day are used."))
        evidence.cpuSecondsToday = 3_599
        #expect(policy.decide(evidence) == .retrain(.accuracyAlarm(alarm)))
    }

    @Test func `a shift of the inputs asks for labels and never trains`() {
        var evidence = Evidence(now: now, newLabels: 12, shiftedInputs: ["text length", "class mix"])
        let decision = policy.decide(evidence)
        #expect(
            decision == .wait(.labelsWanted(inputs: ["text length", "class mix"], have: 12, need: 200)))
        #expect(
            decision.sentence
                == "Waiting: what is asked has changed (text length, class mix), and only labels can tell whether "
                + "that hurts: label a random sample of today's requests, 12 of 200 are here.")

        // With labels the evidence speaks: accuracy holds, so nothing is wrong.
        evidence.newLabels = 5_000
        #expect(policy.decide(evidence) == .wait(.nothingToDo))
    }

    @Test func `no runs a day means none`() {
        var policy = policy
        policy.maximumRunsPerDay = 0
        let decision = policy.decide(Evidence(now: now, newLabels: 500, accuracyAlarm: alarm))
        #expect(decision == .wait(.dailyLimit(runs: 0, limit: 0, remaining: day, for: .accuracyAlarm(alarm))))
    }

    @Test func `an operator waits only for a run under way`() {
        let request = ManualRequest(actor: "ada", reason: "new vocabulary")
        var evidence = Evidence(
            now: now, newLabels: 0, lastRunEndedAt: now, refusalsInARow: 9,
            recentRunStarts: Array(repeating: now, count: 9), request: request)
        let decision = policy.decide(evidence)
        #expect(decision == .retrain(.manual(request)))
        #expect(decision.sentence == "Retraining: ada asked for it (new vocabulary).")

        evidence.isTraining = true
        #expect(policy.decide(evidence) == .wait(.runInProgress))
    }

    @Test func `small losses add up to a reason`() {
        // 12 % wrong where 8 % were promised, over 5 000 labels at ten requests a label.
        let errors = AvoidableErrors(errors: 600, labels: 5_000, promised: 0.08, requestsPerLabel: 10)
        #expect(errors.count > 500 && errors.count < 0.04 * 50_000)
        let decision = policy.decide(Evidence(now: now, newLabels: 5_000, avoidableErrors: errors))
        #expect(decision == .retrain(.avoidableErrors(errors, budget: 500)))

        var off = policy
        off.avoidableErrorBudget = nil
        #expect(
            off.decide(Evidence(now: now, newLabels: 5_000, avoidableErrors: errors)) == .wait(.nothingToDo))
    }

    @Test func `an error within its promise avoids nothing`() {
        #expect(AvoidableErrors(errors: 80, labels: 1_000, promised: 0.08, requestsPerLabel: 1e9).count == 0)
        #expect(AvoidableErrors(errors: 0, labels: 0, promised: 0.08).count == 0)
        #expect(AvoidableErrors(errors: 9, labels: 9, promised: .nan, requestsPerLabel: .infinity).count == 0)
    }

    @Test func `labels and age are reasons only where they are switched on`() {
        var policy = policy
        let evidence = Evidence(now: now, newLabels: 1_000, lastRunEndedAt: now - 31 * day)
        #expect(policy.decide(evidence) == .wait(.nothingToDo))

        policy.interval = 30 * day
        #expect(policy.decide(evidence) == .retrain(.schedule(age: 31 * day)))
        #expect(policy.decide(evidence).sentence == "Retraining: the last training is 31 d ago.")

        policy.newLabelsTrigger = 1_000
        #expect(policy.decide(evidence) == .retrain(.newLabels(1_000)))
        #expect(policy.decide(evidence).reason?.purpose == .refresh)
    }

    @Test func `a detector's alarm carries its evidence`() throws {
        var detector = ShiryaevRoberts(baseline: 0.1)
        #expect(AccuracyAlarm(detector) == nil)
        for x in Stream(seed: 4, .coin, [300, 0.05], [200, 0.6]).values where detector.update(x) == .drift {
            break
        }

        let alarm = try #require(AccuracyAlarm(detector))
        #expect(alarm.log10Evidence >= alarm.log10Threshold)
        #expect(alarm.observations == detector.observations)
        #expect(try #require(alarm.labelsSinceChange) < 100)
    }

    @Test func `a senseless policy says what is wrong`() {
        #expect(policy.problems.isEmpty)
        var policy = policy
        policy.coolDown = .nan
        policy.maximumRunsPerDay = -1
        #expect(policy.problems.count == 3)
        #expect(policy.problems.contains("maximumRunsPerDay must be 0 or more, not -1.0"))
        #expect(!policy.decide(Evidence(now: now, newLabels: 500, accuracyAlarm: alarm)).sentence.isEmpty)
    }

    @Test func `decisions and policies survive JSON`() throws {
        let decision = policy.decide(Evidence(now: now, newLabels: 57, accuracyAlarm: alarm))
        #expect(try roundTrip(decision) == decision)
        #expect(try roundTrip(policy) == policy)
    }
}
