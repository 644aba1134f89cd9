import Foundation
import Tensors
import Testing
import Transformers

@Suite struct GenerationTests {
    private func generator(_ precision: Precision = .f32) throws -> TextGenerator {
        try TextGenerator(folder: TinyGPT2.folder, precision: precision)
    }

    private static func request(_ tokens: Int, _ change: (inout GenerationRequest) -> Void = { _ in })
        -> GenerationRequest
    {
        var request = GenerationRequest()
        request.maximumTokens = tokens
        change(&request)
        return request
    }

    @Test func `greedy texts are those of transformers, token for token`() throws {
        let generator = try generator()
        for expected in try TinyGPT2.reference().greedy {
            let request = Self.request(20) { $0.sampling.repetitionPenalty = expected.penalty }
            let found = generator.generate(expected.prompt, request)
            // `generate` tells the token that ends the text as well.
            let ended = found.ending == .stop ? found.ids + [0] : found.ids
            #expect(ended == expected.ids)
        }
    }

    @Test func `samplers leave the scores that those of transformers leave`() throws {
        let reference = try TinyGPT2.reference()
        for expected in reference.samplers {
            var sampling = Sampling()
            sampling.isSampling = true
            sampling.temperature = expected.temperature
            sampling.topK = expected.top_k
            sampling.topP = expected.top_p
            sampling.repetitionPenalty = expected.penalty
            let scores = sampling.scores(reference.logits, text: reference.text)
            for (found, wanted) in zip(scores, expected.scores) {
                if let wanted { #expect(abs(found - wanted) < 1e-4) } else { #expect(found == -.infinity) }
            }
        }
    }

    @Test func `the cache changes nothing: each token is what the whole text gives`() throws {
        let (generator, model) = (try generator(), try TinyGPT2.model())
        var text: [Int32] = [10, 8, 9]
        for id in generator.generate(text, Self.request(20)).ids {
            let logits = model.forward(Pass(TokenBatch(ids: [text]))).logits
            let last = logits[row: logits.rows - 1]
            #expect(last.indices.max { last[$0] < last[$1] } == Int(id))
            text.append(id)
        }
    }

    @Test func `the same seed draws the same text, another seed another`() throws {
        let generator = try generator()
        func drawn(_ seed: UInt64) -> [Int32] {
            generator.generate(
                [5, 6],
                Self.request(25) {
                    $0.sampling.isSampling = true
                    $0.sampling.temperature = 3
                    $0.seed = seed
                }
            ).ids
        }
        #expect(drawn(1) == drawn(1))
        #expect(Set((1...5).map(drawn)).count > 1)
    }

    @Test func `draws follow the probabilities`() throws {
        var sampling = Sampling()
        sampling.isSampling = true
        let logits: [Float] = [0, 1, 2, -.infinity]
        let total = 1 + exp(1.0) + exp(2.0)
        var counts = [0, 0, 0, 0]
        for i in 0..<3_000 {
            counts[Int(sampling.choice(logits, uniform: (Double(i) + 0.5) / 3_000))] += 1
        }
        for (i, count) in counts.prefix(3).enumerated() {
            #expect(abs(Double(count) / 3_000 - exp(Double(i)) / total) < 0.001)
        }
        #expect(counts[3] == 0)
    }

    @Test func `pieces add up to the text, and a stop string is no part of it`() throws {
        let generator = try generator()
        let whole = generator.generate([10, 8, 9], Self.request(20))
        var pieces: [String] = []
        _ = generator.generate([10, 8, 9], Self.request(20)) {
            pieces.append($0)
            return true
        }
        #expect(pieces.joined() == whole.text)

        let words = whole.text.split(separator: " ")
        let stop = String(words[words.count / 2])
        pieces = []
        let stopped = generator.generate([10, 8, 9], Self.request(20) { $0.stops = [stop] }) {
            pieces.append($0)
            return true
        }
        #expect(stopped.ending == .stop)
        #expect(!stopped.text.contains(stop))
        #expect(whole.text.hasPrefix(stopped.text))
        #expect(pieces.joined() == stopped.text)
    }

    @Test func `who has had enough ends the writing`() throws {
        var count = 0
        let generation = try generator().generate([10, 8, 9], Self.request(20)) { _ in
            count += 1
            return count < 2
        }
        #expect(count == 2)
        #expect(generation.ids.count < 20)
    }

    @Test func `a prompt as long as the positions is cut at its beginning`() throws {
        let generator = try generator()
        let long = (0..<100).map { Int32(5 + $0 % 9) }
        let generation = generator.generate(long, Self.request(8))
        #expect(generation.promptTokens == 24)
        #expect(generation.ids == generator.generate(Array(long.suffix(24)), Self.request(8)).ids)
        #expect(generator.generate(long, Self.request(1_000)).promptTokens == 1)
    }

    @Test(arguments: [Precision.bf16, .int8]) func `narrow weights write text too`(_ precision: Precision)
        throws
    {
        #expect(!(try generator(precision).generate([10, 8], Self.request(5)).ids.isEmpty))
    }

    @Test func `arguments without sense are named`() {
        func problem(_ change: (inout Sampling) -> Void) -> String? {
            var sampling = Sampling()
            change(&sampling)
            return sampling.problem
        }
        #expect(problem { _ in } == nil)
        #expect(problem { $0.temperature = 0 }?.contains("temperature") == true)
        #expect(problem { $0.topK = -1 }?.contains("top_k") == true)
        #expect(problem { $0.topP = 1.5 }?.contains("top_p") == true)
        #expect(problem { $0.repetitionPenalty = .nan }?.contains("repetition_penalty") == true)
    }
}
