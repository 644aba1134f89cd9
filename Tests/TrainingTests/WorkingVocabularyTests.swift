import Tensors
import Testing
import Tokenizers
import Training
import Transformers

@Suite struct WorkingVocabularyTests {
    private func encoding(_ ids: [Int32]) -> Encoding {
        var encoding = Encoding()
        encoding.ids = ids
        encoding.typeIDs = ids.map { _ in 0 }
        return encoding
    }

    @Test func `rows go out and come back to where they were`() {
        let words = WorkingVocabulary([encoding([2, 7, 7, 3]), encoding([2, 0, 3])], vocabularySize: 9)
        var table = Matrix(rows: 9, columns: 2, values: (0..<18).map(Float.init))
        let before = table

        var narrow = words.narrowed(table)
        #expect(words.ids == [0, 2, 3, 7])
        #expect(words.narrowed(encoding([2, 7, 7, 3])).ids == [1, 3, 3, 2])
        #expect(narrow[row: 3] == before[row: 7])

        words.restore(narrow, into: &table)
        #expect(table == before)
        narrow[3, 0] = 100
        words.restore(narrow, into: &table)
        #expect(table[7, 0] == 100)
        #expect((0..<9).filter { table[row: $0] != before[row: $0] } == [7])
    }

    @Test func `training with the words in use is training with all`() throws {
        let rows = [encoding([2, 5, 6, 8, 3]), encoding([2, 7, 8, 3])]
        let start = try Checkpoint(TinyTask.base).classificationModel()
        let words = WorkingVocabulary(rows, vocabularySize: start.encoder.embedding.word.rows)

        let whole = trained(start, rows)
        var narrow = start
        narrow.encoder.embedding.word = words.narrowed(start.encoder.embedding.word)
        narrow = trained(narrow, rows.map(words.narrowed))
        var table = start.encoder.embedding.word
        words.restore(narrow.encoder.embedding.word, into: &table)
        narrow.encoder.embedding.word = table

        for (a, b) in zip(whole.parameters, narrow.parameters) {
            // The norm of the gradient adds its zeros up in another order, at most.
            let worst = zip(a.matrix.values, b.matrix.values).map { abs($0 - $1) }.max() ?? 0
            #expect(worst < 1e-6, "\(a.parameter.names[0])")
        }
    }

    private func trained(_ start: TextClassificationModel, _ rows: [Encoding]) -> TextClassificationModel {
        var model = start
        var optimizer = AdamW(model, TrainingArguments())
        for step in 0..<5 {
            let pass = Pass(TokenBatch(rows), dropout: 0.1, attentionDropout: 0.1, seed: 1, step: step)
            let (logits, cache) = model.forward(pass)
            var gradient = model.zeroGradient
            let dlogits = CrossEntropy.lossAndGradient(logits, labels: [2, 0]).gradient
            model.backward(dlogits, cache, pass, into: &gradient)
            optimizer.update(&model, gradient: gradient, learningRate: 1e-3, headLearningRate: 1e-3)
        }
        return model
    }
}
