import Corpus
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

@Suite struct ServingTests {
    private let texts = [
        "a good film", "bad", "the film was not very good , the films was bad .", "film", "a a a a a a good",
    ]

    private func classifier() throws -> TextClassifier { try TextClassifier(folder: TinyBert.folder) }

    private func minilm(_ precision: Precision = .f32) throws -> TextClassifier {
        let checkpoint = try Checkpoint(TestData.baseModel())
        let model = try checkpoint.model(for: .init(names: ["a", "b"]), seed: 1)
        return TextClassifier(
            model, tokenizer: checkpoint.tokenizer, maximumLength: 128, precision: precision)
    }

    /// The figures are those that OpenVINO and ONNX Runtime reach with the same precision or better.
    @Test(arguments: [(Precision.bf16, 0.9999), (.int8, 0.985)])
    func `narrow embeddings are near those in f32`(_ precision: Precision, _ least: Double) throws {
        let (narrow, exact) = (try minilm(precision), try minilm())
        let encodings = (texts + (0..<20).map { "sentence \($0) about dogs, rain and the price of tea" })
            .map { exact.encode($0, pair: nil) }
        let (a, b) = (narrow.embed(encodings), exact.embed(encodings))
        for row in encodings.indices {
            let (x, y) = (a[row: row].map(Double.init), b[row: row].map(Double.init))
            func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
            #expect(dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot() > least)
        }
    }

    @Test(arguments: [Pooling.mean, .cls])
    func `the serving form gives the training form's logits`(_ pooling: Pooling) throws {
        let scratch = try ScratchFolder()
        try TinyBert.write(pooling: pooling, to: scratch.path)
        let classifier = try TextClassifier(folder: scratch.path)
        let encodings = texts.map { classifier.encode($0, pair: nil) }

        let served = classifier.predict(encodings)
        let (logits, _) = try Checkpoint(scratch.path).classificationModel().forward(
            Pass(TokenBatch(encodings)))

        for (row, prediction) in served.enumerated() {
            for (a, b) in zip(prediction.logits, logits[row: row]) { #expect(abs(a - b) < 1e-5) }
        }
    }

    @Test(arguments: Precision.allCases)
    func `a text in a batch equals the text alone, bit for bit`(_ precision: Precision) throws {
        let classifier = try minilm(precision)
        let many = (0..<40).map { "text number \($0) " + String(repeating: "goes on ", count: $0) }
        let encodings = many.map { classifier.encode($0, pair: nil) }

        let together = classifier.predict(encodings)

        for (index, encoding) in encodings.enumerated() {
            #expect(classifier.predict([encoding])[0] == together[index])
        }
        #expect(classifier.predict(encodings.reversed()) == together.reversed())
        #expect(classifier.embed(encodings)[row: 7] == classifier.embed([encodings[7]])[row: 0])
    }

    @Test func `callers side by side get what they get alone`() async throws {
        let classifier = try minilm()
        let encodings = (0..<12).map {
            classifier.encode("caller \($0) " + String(repeating: "waits ", count: $0), pair: nil)
        }
        let alone = encodings.map { classifier.predict([$0])[0] }

        await withTaskGroup(of: (Int, [Prediction]).self) { group in
            for index in encodings.indices {
                group.addTask { (index, classifier.predict([encodings[index], encodings[0]])) }
            }
            for await (index, predictions) in group { #expect(predictions == [alone[index], alone[0]]) }
        }
    }

    @Test func `probabilities add up and follow the logits`() throws {
        let classifier = try classifier()
        for prediction in classifier.predict(texts.map { classifier.encode($0, pair: nil) }) {
            #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-5)
            #expect(prediction.confidence == prediction.probabilities.max())
            let best = prediction.logits.indices.max { prediction.logits[$0] < prediction.logits[$1] }!
            #expect(prediction.label == classifier.labels.names[best])
        }
    }

    @Test func `logits far apart give probabilities of one and zero`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        var model = try checkpoint.classificationModel()
        model.head.classifier.weight = Matrix(rows: 3, columns: 16)
        model.head.classifier.bias = Matrix(rows: 1, columns: 3, values: [-1_000, 1, -500])
        let classifier = TextClassifier(model, tokenizer: checkpoint.tokenizer, maximumLength: 32)

        let prediction = classifier.predict([classifier.encode("film", pair: nil)])[0]

        #expect(prediction.probabilities == [0, 1, 0])
    }

    @Test func `temperature changes probabilities and neither logits nor labels`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        var model = try checkpoint.classificationModel()
        let sharp = TextClassifier(model, tokenizer: checkpoint.tokenizer, maximumLength: 32)
        model.temperature = 4
        let mild = TextClassifier(model, tokenizer: checkpoint.tokenizer, maximumLength: 32)
        let encodings = texts.map { sharp.encode($0, pair: nil) }

        for (a, b) in zip(sharp.predict(encodings), mild.predict(encodings)) {
            #expect(a.logits == b.logits)
            #expect(a.label == b.label)
            #expect(a.confidence > b.confidence)
        }
    }

    @Test func `an empty batch gives nothing and an empty text is predicted`() throws {
        let classifier = try classifier()
        #expect(classifier.predict([]).isEmpty)
        #expect(classifier.embed([]).rows == 0)
        #expect(classifier.predict([classifier.encode("", pair: nil)]).count == 1)
    }

    @Test func `a text longer than the positions is cut to them`() throws {
        let classifier = try classifier()
        let encoding = classifier.encode(String(repeating: "a good film ", count: 100), pair: "bad")
        #expect(encoding.ids.count == 32)
        #expect(encoding.isTruncated)
        #expect(classifier.predict([encoding]).count == 1)
    }

    @Test(
        arguments: [
            [Int](), [5], [3, 4], [200, 1, 1, 1], [40, 60, 512, 10, 10], [Int](repeating: 20, count: 99),
        ], 1...4)
    func `pieces of work cover a batch once and in order`(_ lengths: [Int], threads: Int) {
        let pieces = TextClassifier.pieces(of: lengths, threads: threads)
        #expect(pieces.flatMap { Array($0) } == Array(lengths.indices))
        #expect(pieces.allSatisfy { !$0.isEmpty })
    }

    @Test func `a model that knows one type of text reads a pair as that type`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        var model = try checkpoint.classificationModel()
        let type = model.encoder.embedding.type
        model.encoder.embedding.type = Matrix(rows: 1, columns: type.columns, values: type[row: 0])
        let classifier = TextClassifier(model, tokenizer: checkpoint.tokenizer, maximumLength: 32)
        let prediction = classifier.predict([classifier.encode("a good film", pair: "bad film")])[0]
        #expect(prediction.logits.allSatisfy { $0.isFinite })
    }
}
