import FoundationEssentials
import Glibc
import Tensors
import Testing

@Suite struct `Hostile safetensors files` {
    /// A sound file with two tensors and metadata: 24 bytes of data.
    static let header =
        #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
        + #""b\u00fc":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}"#
    static let sound = TemporaryFile.safetensors(header, [UInt8](repeating: 1, count: 24))

    /// What the file is refused with, or nil where it opens; every tensor of such a file is read.
    private func refusal(_ bytes: [UInt8]) throws -> SafetensorsError? {
        try TemporaryFile.with(bytes) { path -> SafetensorsError? in
            do throws(SafetensorsError) {
                let file = try Safetensors(path)
                for (name, tensor) in file.tensors { _ = try? file.matrix(name, shape: tensor.shape) }
                return nil
            } catch {
                if !error.description.contains(path) { Issue.record("'\(error)' does not name the file") }
                return error
            }
        }
    }

    private func refusal(header: String, data: Int = 0) throws -> String? {
        try refusal(TemporaryFile.safetensors(header, [UInt8](repeating: 0, count: data)))?.description
    }

    @Test func `cut at any byte are refused`() throws {
        #expect(try refusal(Self.sound) == nil)
        for count in 0..<Self.sound.count { #expect(try refusal(Array(Self.sound.prefix(count))) != nil) }
        #expect(try refusal(Self.sound + [0]) != nil)
    }

    @Test func `with any byte of the header changed never crash`() throws {
        for index in 0..<Self.sound.count - 24 {
            for change: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
                var bytes = Self.sound
                bytes[index] ^= change
                _ = try refusal(bytes)
            }
            for value in [0x22, 0x30, 0x39, 0x5b, 0x5c, 0x7b, 0x7d, 0x2c] as [UInt8] {
                var bytes = Self.sound
                bytes[index] = value
                _ = try refusal(bytes)
            }
        }
    }

    @Test func `with any byte of the header missing or doubled never crash`() throws {
        for index in Self.header.utf8.indices {
            var bytes = Array(Self.header.utf8)
            let position = Self.header.utf8.distance(from: Self.header.utf8.startIndex, to: index)
            bytes.remove(at: position)
            _ = try refusal(TemporaryFile.safetensors(bytes, [UInt8](repeating: 1, count: 24)))
            bytes = Array(Self.header.utf8)
            bytes.insert(bytes[position], at: position)
            _ = try refusal(TemporaryFile.safetensors(bytes, [UInt8](repeating: 1, count: 24)))
        }
    }

    @Test(arguments: [UInt64.max, UInt64.max - 7, 1 << 63, 1 << 62, 100_000_001, 100_000_000, 1000, 1, 0])
    func `that lie about the header's length are refused`(length: UInt64) throws {
        let claim = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        #expect(try refusal(claim + Array(Self.sound.dropFirst(8))) != nil)
    }

    /// Header, bytes of data, and a word of the sentence that refuses it.
    static let lies: [(String, Int, String)] = [
        ("[]", 0, "'{'"), ("null", 0, "'{'"), ("{", 0, "ends in the middle"), ("{}x", 0, "follows"),
        ("{,}", 0, "expected"), (#"{"a":1}"#, 0, "expected"), (#"{"a":{}}"#, 0, "lacks"),
        (tensor(dtype: "F99"), 8, "unknown type"), (tensor(dtype: "f32"), 8, "unknown type"),
        (tensor(shape: "[3]"), 8, "needs 12 bytes"), (tensor(shape: "[]"), 8, "needs 4 bytes"),
        (tensor(shape: "[-2]"), 8, "non-negative integer"), (tensor(shape: "[2.0]"), 8, "']'"),
        (tensor(shape: "[2e0]"), 8, "expected"), (tensor(shape: "[02]"), 8, "begins with 0"),
        (tensor(shape: "[99999999999999999999]"), 8, "too large"), (tensor(shape: "2"), 8, "'['"),
        (tensor(shape: "[4611686018427387904,4]"), 8, "impossible shape"),
        (tensor(shape: "[9223372036854775807,9223372036854775807]"), 8, "impossible shape"),
        (tensor(shape: "[0,9223372036854775807,9223372036854775807]"), 8, "needs 0 bytes"),
        (tensor(offsets: "[8,0]"), 8, "data_offsets"), (tensor(offsets: "[0]"), 8, "data_offsets"),
        (tensor(offsets: "[0,8,8]"), 8, "data_offsets"), (tensor(offsets: "[0,8]"), 4, "cut short"),
        (tensor(offsets: "[0,8]"), 12, "bytes follow"), (tensor(offsets: "[4,12]"), 12, "gap"),
        (tensor(offsets: "[9223372036854775799,9223372036854775807]"), 8, "gap"),
        (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "lacks"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8, "repeated"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":"y"}}"#, 8, "unknown or repeated"),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
            6, "overlaps"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
            8, "twice"
        ),
        (#"{"__metadata__":{"a":"b","a":"c"}}"#, 0, "twice"), (#"{"__metadata__":{"a":1}}"#, 0, "expected"),
        (#"{"__metadata__":{"a":"b"},"__metadata__":{"a":"b"}}"#, 0, "two entries"),
        (#"{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0, "surrogate"),
        (#"{"\udc00\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0, "surrogate"),
        (#"{"\u00g0":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0, "hexadecimal"),
        (#"{"\x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0, "escape"),
        ("{\"a\u{1}\":{}}", 0, "control character"), (#"{"a"#, 0, "inside a string"),
        (#"{"a\"#, 0, "inside a string"),
    ]

    private static func tensor(dtype: String = "F32", shape: String = "[2]", offsets: String = "[0,8]")
        -> String
    {
        #"{"a":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
    }

    @Test func `are refused with a sentence that says why`() throws {
        for (header, data, word) in Self.lies {
            let sentence = try refusal(header: header, data: data)
            #expect(sentence?.contains(word) == true, "\(header) → \(sentence ?? "opened")")
            #expect(sentence?.hasSuffix("download or copy it again") == true)
        }
    }

    @Test func `with bytes that are not UTF-8 in a name are refused`() throws {
        for bad in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]
            as [[UInt8]]
        {
            let bytes =
                Array(#"{"a"#.utf8) + bad + Array(#"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#.utf8)
            #expect(
                try refusal(TemporaryFile.safetensors(bytes, []))?.description.contains("not UTF-8") == true)
        }
    }

    @Test func `nested a million deep do not exhaust the stack`() throws {
        for mark in ["[", "{\"a\":", "{\"a\":{\"shape\":["] {
            #expect(try refusal(header: String(repeating: mark, count: 1_000_000)) != nil)
        }
    }

    @Test func `that are no files are refused without waiting`() throws {
        #expect(throws: SafetensorsError.self) { try Safetensors("/nonexistent/model.safetensors") }
        #expect(throws: SafetensorsError.self) { try Safetensors("/") }
        #expect(throws: SafetensorsError.self) { try Safetensors("/dev/zero") }
        let pipe = FileManager.default.temporaryDirectory.path + "/hone-pipe-\(UUID().uuidString)"
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: pipe) }
        #expect(throws: SafetensorsError.self) { try Safetensors(pipe) }
    }
}

/// A file that exists for one test.
enum TemporaryFile {
    static func with<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.path + "/hone-\(UUID().uuidString).safetensors"
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { unsafe unlink(path) }
        let written = unsafe write(file, bytes, bytes.count)
        close(file)
        try #require(written == bytes.count)
        return try body(path)
    }

    /// Length, header, data.
    static func safetensors(_ header: String, _ data: [UInt8]) -> [UInt8] {
        safetensors(Array(header.utf8), data)
    }

    static func safetensors(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
    }
}
