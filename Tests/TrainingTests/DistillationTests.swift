import Corpus
import Foundation
import Testing
import Training
import Transformers

@Suite struct DistillationTests {
    /// Teaches a model that knows the task the opposite, with what it knew replayed under its labels, and tells
    /// how far its logits on the replayed rows went.
    private static func drift(_ change: (inout TrainingArguments) -> Void) throws -> Float {
        let (known, learned) = (try ScratchFolder(), try ScratchFolder())
        var thorough = TinyTask.arguments
        thorough.epochs = 16
        try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(48), development: [],
            arguments: thorough, output: known.path)
        let opposite = TinyTask.rows(24).map { row in
            Example(
                text: "the " + row.text, target: .label(row.label == "positive" ? "negative" : "positive"))
        }
        let replayed = TinyTask.rows(24)
        var arguments = thorough
        change(&arguments)
        try fineTune(
            base: known.path, labels: TinyTask.labels, training: opposite + replayed, development: [],
            arguments: arguments, output: learned.path)
        let (before, after) = (
            try TextClassifier(folder: known.path), try TextClassifier(folder: learned.path)
        )
        return zip(
            before.predict(replayed.map { before.encode($0.text, pair: nil) }),
            after.predict(replayed.map { after.encode($0.text, pair: nil) })
        ).map { zip($0.logits, $1.logits).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) }.reduce(0, +)
    }

    @Test(arguments: [false, true]) func `what was said of replayed rows is held on to`(_ headOnly: Bool)
        throws
    {
        func learn(_ distillation: Distillation?) throws -> Float {
            try Self.drift {
                $0.headOnly = headOnly
                $0.distillation = distillation
            }
        }
        let (free, held) = (try learn(nil), try learn(Distillation(weight: 10, rows: 24)))
        #expect(held < free / 2, "\(held) of \(free)")
        // Without rows to hold on to nothing is held on to.
        #expect(try learn(Distillation(weight: 10, rows: 0)) == free)
    }
}
