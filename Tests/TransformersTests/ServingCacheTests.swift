import Corpus
import Foundation
import Tensors
import Testing
import Tokenizers
import Transformers

@Suite struct ServingCacheTests {
    private let weights = ContentHash(ofBytes: Data("weights".utf8))

    private func compiled(_ precision: Precision) throws -> (Checkpoint, TextClassifier) {
        let checkpoint = try Checkpoint(TinyBert.folder)
        return (
            checkpoint,
            TextClassifier(
                try checkpoint.classificationModel(), tokenizer: checkpoint.tokenizer,
                maximumLength: checkpoint.maximumLength, precision: precision)
        )
    }

    private func logits(_ classifier: TextClassifier) -> [[Float]] {
        let texts = ["a good film", "bad", "the films was not very good , ."]
        return classifier.predict(texts.map { classifier.encode($0, pair: nil) }).map(\.logits)
    }

    @Test(arguments: Precision.allCases)
    func `what is read again answers as what was compiled, bit for bit`(_ precision: Precision) throws {
        let scratch = try ScratchFolder()
        let cache = ServingCache(folder: scratch.path + "/compiled")
        let (checkpoint, first) = try compiled(precision)
        #expect(try TextClassifier(checkpoint, weights: weights, from: cache, precision: precision) == nil)

        try first.keep(in: cache, weights: weights)

        let second = try #require(
            try TextClassifier(checkpoint, weights: weights, from: cache, precision: precision))
        #expect(logits(second) == logits(first))
        #expect(second.precision == precision && second.labels == first.labels)
        #expect(second.parameterCount == first.parameterCount)
        let other = ContentHash(ofBytes: Data("others".utf8))
        #expect(try TextClassifier(checkpoint, weights: other, from: cache, precision: precision) == nil)
    }

    @Test func `a file that is not as it was written is not used`() throws {
        let scratch = try ScratchFolder()
        let cache = ServingCache(folder: scratch.path)
        let (checkpoint, classifier) = try compiled(.f32)
        try classifier.keep(in: cache, weights: weights)
        let file = try #require(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path).first {
                $0.hasSuffix(".safetensors")
            })
        let url = URL(filePath: scratch.path + "/" + file)
        let whole = try Data(contentsOf: url)
        func isUsed() throws -> Bool {
            try TextClassifier(checkpoint, weights: weights, from: cache, precision: .f32) != nil
        }
        #expect(try isUsed())
        for place in [0, 9, whole.count / 2, whole.count - 1] {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: url)
            #expect(try !isUsed())
        }
        try whole.dropLast(4).write(to: url)
        #expect(try !isUsed())
        try whole.write(to: url)
        #expect(try isUsed())
        try FileManager.default.removeItem(at: url.appendingPathExtension("sha256"))
        #expect(try !isUsed())
    }

    @Test func `only the latest are kept`() throws {
        let scratch = try ScratchFolder()
        let cache = ServingCache(folder: scratch.path, limit: 2)
        let (_, classifier) = try compiled(.f32)
        for number in 0..<5 {
            try classifier.keep(in: cache, weights: ContentHash(ofBytes: Data("\(number)".utf8)))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 4)
    }
}
