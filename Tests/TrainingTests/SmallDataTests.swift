import Corpus
import Testing
import Training

@Suite struct SmallDataTests {
    @Test(arguments: [(16, 20, 20), (128, 20, 160), (320, 10, 200), (639, 5, 200)])
    func `few rows are seen so often that there are two hundred updates, twenty times at most`(
        rows: Int, epochs: Int, updates: Int
    ) {
        var arguments = TrainingArguments()
        arguments.suit(rows: rows, labels: 10)

        #expect(arguments.batchSize == 16)
        #expect(arguments.epochs == epochs)
        #expect(epochs * ((rows + 15) / 16) == updates)
    }

    @Test func `many rows are left as they were, and nothing is made shorter`() {
        var arguments = TrainingArguments()
        arguments.suit(rows: 640, labels: 10)
        #expect(arguments == TrainingArguments())

        arguments.epochs = 100
        arguments.batchSize = 8
        arguments.suit(rows: 100, labels: 10)
        #expect(arguments.epochs == 100 && arguments.batchSize == 8)
    }

    @Test func `of eight rows a label more is learned by it`() throws {
        func train(_ change: (inout TrainingArguments) -> Void) throws -> FineTuningResult {
            let scratch = try ScratchFolder()
            var arguments = TinyTask.arguments
            arguments.epochs = 3
            arguments.earlyStoppingPatience = 100
            change(&arguments)
            return try fineTune(
                base: TinyTask.base, labels: TinyTask.labels,
                training: TinyTask.rows(8 * TinyTask.labels.count),
                development: TinyTask.rows(60, from: 200), arguments: arguments, output: scratch.path)
        }
        let plain = try train { _ in }
        let suited = try train { $0.suit(rows: 8 * TinyTask.labels.count, labels: TinyTask.labels.count) }

        #expect(suited.developmentLoss < plain.developmentLoss)
        #expect(suited.developmentAccuracy >= plain.developmentAccuracy)
    }
}
