import Foundation
import TestSupport
import Testing
import Tokenizers

/// BPE and Unigram in their surroundings, id for id, offset for offset and word for word what Hugging Face's
/// `tokenizers` gives (`Tests/Reference/tokenizers_bpe.py`, `tokenizers_unigram.py`).
@Suite struct SubwordParityTests {
    struct Fixture: Decodable {
        var hostile: [UInt32]
        var models: [Model]
    }

    struct Model: Decodable, CustomTestStringConvertible {
        var name: String
        /// `tokenizer.json`; where it is missing it lies beside, in a folder.
        var file: String?
        /// By domain, then variant: a checksum for each thousand texts.
        var files: [String: [[String]]]
        var scalars: [String]
        var cases: [Case]

        var testDescription: String { name }
    }

    struct Case: Decodable {
        var text: String
        var ids: [Int32]
        var offsets: [Int]
        var words: [Int32]
        var decoded: String
        var decodedWhole: String
        var pair: Pair?

        struct Pair: Decodable {
            var text: String
            var ids: [Int32]
            var types: [Int32]
            var sequences: [Int32]
            var offsets: [Int]
        }
    }

    private func expectParity(_ model: Model, _ tokenizer: any Tokenizer, hostile: [UInt32]) throws {
        for (number, wanted) in model.cases.enumerated() {
            let name: Comment = "\(model.name), case \(number): \(wanted.text.debugDescription)"
            let found = tokenizer.encode(wanted.text)
            #expect(found.ids == wanted.ids, name)
            #expect(found.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == wanted.offsets, name)
            #expect(found.wordIDs == wanted.words, name)
            #expect(tokenizer.decode(found.ids).utf8.elementsEqual(wanted.decoded.utf8), name)
            let whole = tokenizer.decode(found.ids, skipsSpecial: false)
            #expect(whole.utf8.elementsEqual(wanted.decodedWhole.utf8), name)
            guard let pair = wanted.pair else { continue }
            let both = tokenizer.encode(wanted.text, pair: pair.text, maximumLength: .max)
            #expect(both.ids == pair.ids, name)
            #expect(both.typeIDs == pair.types, name)
            #expect(both.sequenceIDs == pair.sequences, name)
            #expect(both.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == pair.offsets, name)
        }
        let hostile = hostile.compactMap { Unicode.Scalar($0) }
        for (domain, wanted) in model.files.sorted(by: { $0.key < $1.key }) {
            let texts = Texts(lines: try lines(of: domain), hostile: hostile)
            for number in 0..<Texts.variants {
                let variant = texts.lines.indices.map { texts.variant(number, ofLine: $0) }
                #expect(
                    checksums(of: variant, by: tokenizer) == wanted[number],
                    "\(model.name), \(domain), variant \(number)")
            }
        }
        #expect(checksums(of: Texts.everyScalar(), by: tokenizer) == model.scalars, "\(model.name)")
    }

    @Test(arguments: ["bpe.json", "unigram.json"])
    func `real and hostile texts give the same ids, offsets, words and texts again`(name: String) throws {
        let fixture = try JSONDecoder().decode(Fixture.self, from: fixture(name))
        #expect(fixture.models.count == 6)
        for model in fixture.models {
            let file = Data(try #require(model.file).utf8)
            try expectParity(model, try tokenizer(of: ["tokenizer.json": file]), hostile: fixture.hostile)
        }
    }

    /// What the reference scripts wrote beside the fetched data, if they ever ran here.
    private static let folders: [String] = {
        guard let base = try? TestData.baseModel() else { return [] }
        let root = URL(filePath: base).deletingLastPathComponent().appending(path: "tokenizers").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { root + "/" + $0 }
    }()

    @Test(arguments: folders)
    func `tokenizers of full size give the same too, where they are at hand`(folder: String) throws {
        struct Hostile: Decodable { var hostile: [UInt32] }
        let data = try Data(contentsOf: URL(filePath: folder + "/parity.json"))
        let model = try JSONDecoder().decode(Model.self, from: data)
        let hostile = try JSONDecoder().decode(Hostile.self, from: data).hostile
        try expectParity(model, try loadTokenizer(folder: folder), hostile: hostile)
    }
}
