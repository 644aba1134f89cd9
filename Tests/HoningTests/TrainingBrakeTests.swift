import Foundation
import Honing
import Testing

@Suite struct TrainingBrakeTests {
    private let start = ContinuousClock.now

    /// What the brake says at moments in milliseconds at which clients have waited so long.
    private func held(_ moments: [(at: Int, wait: Int?)]) -> [Bool] {
        var brake = TrainingBrake()
        return moments.map { moment in
            brake.holds(
                wait: moment.wait.map(Duration.milliseconds), at: start + .milliseconds(moment.at))
        }
    }

    @Test func `training goes on while no client waits longer than a batch takes`() {
        #expect(held([(0, nil), (10, 20)]) == [false, false])
    }

    @Test func `training stands still as soon as clients queue, until none has for a while`() {
        #expect(held([(0, 30), (200, nil), (250, nil)]) == [true, true, false])
    }

    @Test func `under an overload that lasts, training has a third of the time`() {
        let held = held((0..<6_000).map { (10 * $0, 1_000) }).count(where: \.self)

        #expect((3_990...4_010).contains(held))
    }

    @Test func `a trainer waits for its turn, and nobody waits for a holder that is gone`() async throws {
        let path = NSTemporaryDirectory() + "hone-turn-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        var daemon = TurnLock(path: path)
        let trainer = try #require(TurnLock(path: path))
        trainer.pass()

        daemon?.hold(true)
        let (passes, pass) = AsyncStream<Void>.makeStream()
        let thread = Thread {
            trainer.pass()
            pass.yield()
            pass.finish()
        }
        thread.start()
        let isFree = unsafe open(path, O_RDWR)
        defer { close(isFree) }
        #expect(flock(isFree, LOCK_SH | LOCK_NB) != 0)

        daemon = nil
        var passed = 0
        for await _ in passes { passed += 1 }
        #expect(passed == 1)
    }
}
