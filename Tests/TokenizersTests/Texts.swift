import Foundation
import TestSupport
import Testing
import Tokenizers

/// The tokenizer of the real base model.
func bert() throws -> any Tokenizer { try loadTokenizer(folder: TestData.baseModel()) }

extension Tokenizer {
    /// Everything, nothing cut.
    func encode(_ text: String) -> Encoding { encode(text, pair: nil, maximumLength: .max) }

    /// The tokens themselves.
    func tokens(_ text: String) -> [String] { encode(text).ids.map { vocabulary.tokens[Int($0)] } }
}

/// The tokenizer of some files, which are gone afterwards.
func tokenizer(of files: [String: Data]) throws -> any Tokenizer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tokenizer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, data) in files { try data.write(to: folder.appending(path: name)) }
    return try loadTokenizer(folder: folder.path)
}

/// A small tokenizer of the reference scripts.
func subword(_ file: String, _ name: String) throws -> any Tokenizer {
    struct Models: Decodable {
        var models: [Model]
        struct Model: Decodable {
            var name: String
            var file: String
        }
    }
    let models = try JSONDecoder().decode(Models.self, from: fixture(file)).models
    let model = try #require(models.first { $0.name == name })
    return try tokenizer(of: ["tokenizer.json": Data(model.file.utf8)])
}

/// The fetched texts of one domain.
func lines(of name: String) throws -> [String] {
    struct Row: Decodable { var text: String }
    let data = try Data(contentsOf: URL(filePath: TestData.sentiment() + "/\(name).jsonl"))
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n")).map {
        try decoder.decode(Row.self, from: Data($0)).text
    }
}

/// The texts that `tokenizers_parity.py` makes of the fetched ones.
struct Texts {
    let lines: [String]
    let hostile: [Unicode.Scalar]

    static let variants = 5

    func variant(_ number: Int, ofLine line: Int) -> String {
        let text = lines[line]
        var random = SplitMix64(seed: UInt64(10 * line + number))
        var scalars = Array(text.unicodeScalars)
        switch number {
        case 1: scalars = scalars.map { ("a"..."z").contains($0) ? Unicode.Scalar(UInt8($0.value) - 32) : $0 }
        case 2: return text + lines[(line + 1) % lines.count]
        case 3:
            for _ in 0..<4 {
                let position = random.next(below: scalars.count + 1)
                scalars.insert(hostile[random.next(below: hostile.count)], at: position)
            }
        case 4:
            for i in stride(from: 0, to: scalars.count, by: 8) {
                scalars[i] = hostile[random.next(below: hostile.count)]
            }
        default: return text
        }
        return string(scalars)
    }

    /// Every Unicode scalar: 64 neighbours a text, each a word with a letter before and after.
    static func everyScalar() -> [String] {
        stride(from: UInt32(0), to: 0x11_0000, by: 64).compactMap { start in
            if (0xD800..<0xE000).contains(start) { return nil }
            let scalars = (start..<start + 64).compactMap(Unicode.Scalar.init)
            return string(scalars.flatMap { ["b", $0, "b", " "] })
        }
    }
}

private func string(_ scalars: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
}

/// The checksum of `tokenizers_parity.py`: ids, offsets, words and count of each encoding, thousand by thousand.
func checksums(of texts: [String], by tokenizer: any Tokenizer) -> [String] {
    stride(from: 0, to: texts.count, by: 1_000).map { start in
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ number: Int) { value = (value ^ UInt64(number)) &* 0x100_0000_01B3 }
        for text in texts[start..<min(start + 1_000, texts.count)] {
            let encoding = tokenizer.encode(text)
            for id in encoding.ids { add(Int(id)) }
            for range in encoding.offsets {
                add(range.lowerBound)
                add(range.upperBound)
            }
            for word in encoding.wordIDs { add(Int(word) + 1) }
            add(encoding.ids.count)
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
