import Corpus
import Foundation
import Testing
import Training

@Suite struct SavedStateTests {
    private static let training = TinyTask.rows(40)
    private static let development = TinyTask.rows(12, from: 90)

    private static var arguments: TrainingArguments {
        var arguments = TinyTask.arguments
        arguments.epochs = 2
        return arguments
    }

    /// - Parameter last: the step after which the training is cancelled.
    @discardableResult
    private static func train(
        in folder: String, until last: Int = .max, seed: UInt64 = 1, interval: Duration = .seconds(60),
        progress: (TrainingProgress) -> Void = { _ in }
    ) throws -> FineTuningResult {
        var arguments = arguments
        arguments.seed = seed
        var step = 0
        return try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: training, development: development,
            arguments: arguments, output: folder + "/model", state: folder + "/state",
            stateInterval: interval,
            progress: {
                step = $0.step
                progress($0)
            }, isCancelled: { step >= last })
    }

    @Test func `cancelled after any step and continued, it ends with the same bytes`() throws {
        let whole = try Self.train(in: ScratchFolder().path)
        #expect(whole.steps >= 8)
        for last in 1..<whole.steps {
            let scratch = try ScratchFolder()
            #expect(throws: TrainingError.cancelled) { try Self.train(in: scratch.path, until: last) }
            var steps: [Int] = []
            let continued = try Self.train(in: scratch.path) { steps.append($0.step) }
            #expect(steps.first == last, "the first thing that is told is where it goes on")
            #expect(continued == whole)
            #expect(!FileManager.default.fileExists(atPath: scratch.path + "/state"))
        }
    }

    @Test func `killed again and again, it ends with the same bytes`() async throws {
        let whole = try Self.train(in: ScratchFolder().path)
        let scratch = try ScratchFolder()
        for _ in 0..<3 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = scratch.path as String] in
                var steps = 0
                try Self.train(in: folder, interval: .zero) { _ in
                    steps += 1
                    if steps == 4 { kill(getpid(), SIGKILL) }
                }
            }
        }
        var first: Int?
        let continued = try Self.train(in: scratch.path) { first = first ?? $0.step }
        #expect(try #require(first) >= 4, "the killed ones left something behind")
        #expect(continued == whole)
    }

    @Test func `a state of other inputs is not taken`() throws {
        let other = try Self.train(in: ScratchFolder().path, seed: 2)
        let scratch = try ScratchFolder()
        #expect(throws: TrainingError.cancelled) { try Self.train(in: scratch.path, until: 3) }
        var first: Int?
        let result = try Self.train(in: scratch.path, seed: 2) { first = first ?? $0.step }
        #expect(first == 1)
        #expect(result == other)
    }

    @Test(arguments: ["", "{}", "{\"file\":\"../../model\"}", "\u{0}"])
    func `a damaged record is none`(_ text: String) throws {
        let whole = try Self.train(in: ScratchFolder().path)
        let scratch = try ScratchFolder()
        #expect(throws: TrainingError.cancelled) { try Self.train(in: scratch.path, until: 3) }
        try Data(text.utf8).write(to: URL(filePath: scratch.path + "/state/state.json"))
        #expect(try Self.train(in: scratch.path) == whole)
    }

    @Test func `matrices that were cut off are none`() throws {
        let whole = try Self.train(in: ScratchFolder().path)
        let scratch = try ScratchFolder()
        #expect(throws: TrainingError.cancelled) { try Self.train(in: scratch.path, until: 3) }
        #expect(unsafe truncate(scratch.path + "/state/step-3.safetensors", 5_000) == 0)
        #expect(try Self.train(in: scratch.path) == whole)
    }
}
