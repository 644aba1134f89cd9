import Foundation
import TestSupport
import Testing
import Tokenizers

/// Vocabularies that are learned, token for token those of Hugging Face's trainers
/// (`Tests/Reference/tokenizers_training.py`).
@Suite struct TrainingTests {
    struct Fixture: Decodable {
        var hostile: [UInt32]
        var byteLevel: [Case]
        var wordPiece: [Case]
        var large: Large

        struct Large: Decodable {
            var byteLevel: Sum
            var wordPiece: Sum
        }
    }

    struct Case: Decodable {
        var style: String?
        var addsPrefixSpace: Bool?
        var lowercases: Bool?
        var vocabularySize: Int
        var minimumFrequency: Int
        var alphabetLimit: Int?
        var symbols: [String]?
        var file: String
    }

    struct Sum: Decodable {
        var tokens: String
        var merges: String?
        var symbols: [String]?
        var lines: Int
        var vocabularySize: Int
        var minimumFrequency: Int
    }

    private let fixture: Fixture
    private let domains = ["movies", "tweets", "amazon", "news"]

    init() throws {
        fixture = try JSONDecoder().decode(Fixture.self, from: TestSupport.fixture("training.json"))
    }

    private func few() throws -> [String] { try domains.flatMap { try lines(of: $0).prefix(400) } }

    /// FNV-1a over UTF-8, a zero behind each.
    private func checksum(_ strings: [String]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for string in strings {
            for byte in Array(string.utf8) + [0] { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func json(_ text: String) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }

    @Test func `byte-level BPE writes the file that tokenizers writes`() throws {
        for wanted in fixture.byteLevel {
            var trainer = ByteLevelBPETrainer(
                style: wanted.style == "gpt2" ? .gpt2 : .roberta, vocabularySize: wanted.vocabularySize,
                minimumFrequency: wanted.minimumFrequency,
                addsPrefixSpace: wanted.addsPrefixSpace == true)
            for line in try few() { trainer.add(line) }
            #expect(try json(trainer.train().tokenizerJSON()) == json(wanted.file))
        }
    }

    @Test func `WordPiece writes the file that tokenizers writes`() throws {
        for wanted in fixture.wordPiece {
            var trainer = WordPieceTrainer(
                vocabularySize: wanted.vocabularySize, minimumFrequency: wanted.minimumFrequency,
                lowercases: wanted.lowercases == true)
            trainer.alphabetLimit = wanted.alphabetLimit
            trainer.reservedTokens = try #require(wanted.symbols)
            for line in try few() { trainer.add(line) }
            #expect(try json(trainer.train().tokenizerJSON()) == json(wanted.file))
        }
    }

    @Test func `a hundred thousand lines give byte-level BPE the same tokens and merges`() throws {
        let hostile = fixture.hostile.compactMap { Unicode.Scalar($0) }
        let wanted = fixture.large.byteLevel
        var trainer = ByteLevelBPETrainer(
            style: .gpt2, vocabularySize: wanted.vocabularySize, minimumFrequency: wanted.minimumFrequency,
            addsPrefixSpace: false)
        var count = 0
        for domain in domains {
            let texts = Texts(lines: try lines(of: domain), hostile: hostile)
            for number in [0, 3, 4] {
                for line in texts.lines.indices { trainer.add(texts.variant(number, ofLine: line)) }
                count += texts.lines.count
            }
        }
        #expect(count == wanted.lines)
        let trained = trainer.train()
        #expect(checksum(trained.tokens) == wanted.tokens)
        #expect(checksum(trained.merges.map { $0 + " " + $1 }) == wanted.merges)
    }

    @Test func `all lines give WordPiece the same tokens`() throws {
        let wanted = fixture.large.wordPiece
        var trainer = WordPieceTrainer(
            vocabularySize: wanted.vocabularySize, minimumFrequency: wanted.minimumFrequency, lowercases: true
        )
        trainer.reservedTokens = try #require(wanted.symbols)
        for domain in domains { for line in try lines(of: domain) { trainer.add(line) } }
        #expect(checksum(trainer.train().tokens) == wanted.tokens)
    }

    @Test func `what was learned is loaded again, and knows its own text`() throws {
        let lines = try few()
        var pieces = WordPieceTrainer(vocabularySize: 600, minimumFrequency: 2, lowercases: true)
        var bytes = ByteLevelBPETrainer(
            style: .gpt2, vocabularySize: 600, minimumFrequency: 2, addsPrefixSpace: false)
        for line in lines {
            pieces.add(line)
            bytes.add(line)
        }
        for trained in [pieces.train(), bytes.train()] {
            let loaded = try tokenizer(of: ["tokenizer.json": Data(trained.tokenizerJSON().utf8)])
            #expect(loaded.vocabulary.tokens == trained.tokens)
            #expect(trained.tokens.count == 600)
            #expect(lines.allSatisfy { loaded.encode($0).unknownCount == 0 })
        }
        let loaded = try tokenizer(of: ["tokenizer.json": Data(bytes.train().tokenizerJSON().utf8)])
        #expect(lines.allSatisfy { loaded.decode(loaded.encode($0).ids).utf8.elementsEqual($0.utf8) })
    }

    @Test func `the same lines in another order give the same vocabulary`() throws {
        let lines = try few()
        func trained(_ lines: some Sequence<String>) -> [String] {
            var trainer = WordPieceTrainer(vocabularySize: 500, minimumFrequency: 2, lowercases: false)
            for line in lines { trainer.add(line) }
            return trainer.train().tokens
        }
        #expect(trained(lines) == trained(lines.reversed()))
    }

    @Test func `no text at all gives the special tokens and the bytes`() {
        let bytes = ByteLevelBPETrainer(
            style: .roberta, vocabularySize: 1_000, minimumFrequency: 2, addsPrefixSpace: true)
        #expect(bytes.train().tokens.count == 5 + 256)
        let pieces = WordPieceTrainer(vocabularySize: 1_000, minimumFrequency: 2, lowercases: true)
        #expect(pieces.train().tokens == WordPieceTrainer.specialTokens)
    }
}
