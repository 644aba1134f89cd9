import ArgumentParser
import Honing

struct SelftestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Measure whether Hone keeps its own promises.",
        subcommands: [Detectors.self])

    struct Detectors: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Simulate streams: false alarms and delays of every detector, beside its promise.",
            discussion: """
                Ends with exit code 1 where a promise is broken: where luck explains the false alarms with \
                a chance of at most 1 in 1,000. To see that it can fail, promise less error than there is: \
                --error 0.3 --promise 0.1. The same seed gives the same numbers on every machine.
                """)

        @Option(help: ArgumentHelp("Streams of each kind, from 1 to 100000.", valueName: "count"))
        var runs = 200

        @Option(help: "From which the streams follow.")
        var seed: UInt64 = 1

        @Option(help: ArgumentHelp("The share of wrong answers of the unchanged model.", valueName: "share"))
        var error = 0.08

        @Option(
            help: ArgumentHelp(
                "The share that was promised; by default what 1,000 rows with this error promise.",
                valueName: "share"))
        var promise: Double?

        @Option(
            help: ArgumentHelp(
                "The promised mean number of labels until a false alarm (watching.false_alarm_labels).",
                valueName: "labels"))
        var labels = 20_000.0

        @Flag(help: "Print JSON for scripts.")
        var json = false

        func validate() throws {
            guard (1...100_000).contains(runs) else { throw ValidationError("--runs is from 1 to 100000") }
            guard error > 0, error < 1 else { throw ValidationError("--error lies between 0 and 1") }
            if let promise, promise <= 0 || promise >= 1 {
                throw ValidationError("--promise lies between 0 and 1")
            }
            guard labels >= 100, labels <= 1e9 else {
                throw ValidationError("--labels is from 100 to 1000000000")
            }
        }

        func run() async throws {
            try await reporting {
                var settings = DetectorSelftest.Settings()
                settings.errorRate = error
                settings.promisedError = promise
                settings.averageRunLength = labels
                settings.streams = runs
                settings.seed = seed
                let result = await DetectorSelftest(settings) { done, all in
                    Terminal.progress("\(done) of \(all) measurements")
                }
                Terminal.endProgress()
                if json {
                    try Terminal.print(json: result)
                } else {
                    print(result.text(colour: Terminal.hasColour))
                }
                if !result.keepsPromises { throw ExitCode(Failure.Code.refused.rawValue) }
            }
        }
    }
}
