import Foundation
import Testing
import Tokenizers
import Training
import Transformers

@Suite struct TextFeedTests {
    private static let bert = fixturePathOfTransformers("tiny-bert")
    private static let gpt2 = fixturePathOfTransformers("tiny-gpt2")

    private static func fixturePathOfTransformers(_ name: String) -> String {
        TinyTask.base.replacing("tiny-bert", with: name)
    }

    private static func packing(_ folder: String, length: Int, isDecoder: Bool) throws -> SequencePacking {
        let checkpoint = try Checkpoint(folder)
        return SequencePacking(
            checkpoint.tokenizer, length: length, isDecoder: isDecoder,
            endTokenID: checkpoint.configuration.endTokenID)
    }

    private static let passages = [
        Passage(text: "a good film .", continues: false), Passage(text: "the film was bad", continues: false),
        Passage(text: "very bad .", continues: true), Passage(text: "good", continues: false),
    ]

    @Test func `an encoder's sequences are full, and hold every token once`() throws {
        let tokenizer = try Checkpoint(Self.bert).tokenizer
        let sequences = try Self.packing(Self.bert, length: 12, isDecoder: false)
            .sequences(Self.passages + Self.passages)
        let text = "a good film . [SEP] the film was bad very bad . [SEP] good"
        let whole = tokenizer.encode(text + " [SEP] " + text, pair: nil, maximumLength: 99)
        #expect(sequences.map(\.ids.count) == [12, 12, 11])
        #expect(
            sequences.flatMap { $0.ids.dropFirst().dropLast() } == Array(whole.ids.dropFirst().dropLast()))
        for sequence in sequences {
            #expect(sequence.ids.first == whole.ids.first && sequence.ids.last == whole.ids.last)
            #expect(sequence.typeIDs == sequence.ids.map { _ in 0 })
            #expect(sequence.wordIDs.count == sequence.ids.count)
        }
        let words = sequences.flatMap { $0.wordIDs.filter { $0 >= 0 } }
        #expect(words == words.sorted() && Set(words).count == words.count, "all words are of one piece")
    }

    @Test func `a decoder's sequences ask for every token once`() throws {
        let checkpoint = try Checkpoint(Self.gpt2)
        let end = try #require(checkpoint.configuration.endTokenID)
        func ids(_ text: String) -> [Int32] {
            checkpoint.tokenizer.encode(text, pair: nil, maximumLength: 99).ids
        }
        func plain(_ text: String) -> [Int32] {
            let encoding = checkpoint.tokenizer.encode(text, pair: nil, maximumLength: 99)
            return Array(encoding.ids[encoding.first])
        }
        let all = Self.passages.flatMap { ($0.continues ? [] : [end]) + plain($0.text) }
        let sequences = try Self.packing(Self.gpt2, length: 8, isDecoder: true).sequences(Self.passages)
        #expect(sequences.dropLast().allSatisfy { $0.ids.count == 8 })
        let asked = sequences.flatMap { $0.ids.dropFirst() }
        #expect(asked == Array(all.dropFirst().prefix(asked.count)))
        #expect(all.count - 1 - asked.count < 8)
        #expect(sequences.first?.ids.first == end)
    }

    @Test func `a feed goes on from any place as if it had never stopped`() throws {
        let folder = try ScratchFolder()
        let files = try [
            TextFile(
                PretrainingText.file(folder, PretrainingText.documents(60), name: "a.txt"), blockBytes: 200),
            TextFile(
                PretrainingText.file(folder, PretrainingText.documents(20), name: "b.txt"), blockBytes: 200),
        ]
        let text = try RawText(files, heldOutShare: 0.05, seed: 4)
        let packing = try Self.packing(Self.bert, length: 16, isDecoder: false)
        var feed = TextFeed(text, packing, seed: 4, from: TextCursor())
        var batches: [[Encoding]] = []
        var cursors = [feed.cursor]
        while feed.cursor.pass < 2 {
            batches.append(try feed.next(7))
            cursors.append(feed.cursor)
        }
        for start in stride(from: 0, to: batches.count, by: 5) {
            var other = TextFeed(text, packing, seed: 4, from: cursors[start])
            for batch in batches[start...].prefix(6) { #expect(try other.next(7) == batch) }
        }
        // Each pass has the same sequences in another order.
        let first = batches.flatMap { $0 }
        #expect(batches.allSatisfy { $0.count == 7 })
        #expect(first.prefix(20).map(\.ids) != first.suffix(20).map(\.ids))
    }

    @Test func `held-out text is not learned from, and as much as asked`() throws {
        let folder = try ScratchFolder()
        let file = try TextFile(PretrainingText.file(folder, PretrainingText.documents(500)))
        let text = try RawText([file], heldOutShare: 0.1, seed: 1)
        let (kept, learned) = try (text.passages(heldOut: true), text.passages(heldOut: false))
        #expect(kept.count + learned.count == 500)
        let packing = try Self.packing(Self.bert, length: 16, isDecoder: false)
        #expect(try text.heldOut(packing, tokens: 64).count == 4)
        #expect(try text.heldOut(packing, tokens: 1 << 20).count > 20)
        let none = try RawText([file], heldOutShare: 0.000_01, seed: 1)
        #expect(throws: PretrainingError.self) { try none.heldOut(packing, tokens: 64) }
    }

    @Test func `text of white space alone is none`() throws {
        let folder = try ScratchFolder()
        let file = try TextFile(PretrainingText.file(folder, " \n\n \n"))
        let text = try RawText([file], heldOutShare: 0.1, seed: 1)
        var feed = TextFeed(
            text, try Self.packing(Self.bert, length: 16, isDecoder: false), seed: 1, from: TextCursor())
        #expect(throws: PretrainingError.noText) { try feed.next(1) }
    }
}
