import FoundationEssentials
import Tensors
import Testing

@Suite struct `Safetensors files` {
    @Test func `come back as they were written`() throws {
        try TemporaryFile.with([]) { path in
            let (a, b) = (random(3, 5, 1), random(1, 7, 2))
            let odd = "bias \"ü\"\\\n\t\u{1}"
            try writeSafetensors([("layer.weight", [3, 5], a), (odd, [7], b)], to: path)
            let file = try Safetensors(path)
            #expect(file.tensors.keys.sorted() == [odd, "layer.weight"].sorted())
            #expect(try file.matrix("layer.weight", shape: [3, 5]) == a)
            #expect(try file.matrix(odd, shape: [7]) == b)
            #expect(file.tensors["layer.weight"]?.type == "F32")
        }
    }

    @Test func `have the same bytes whatever the order in which tensors are given`() throws {
        let (a, b) = (random(3, 5, 1), random(1, 7, 2))
        func bytes(_ tensors: [(name: String, shape: [Int], matrix: Matrix)]) throws -> Data {
            try TemporaryFile.with([]) { path in
                try writeSafetensors(tensors, to: path)
                return try Data(contentsOf: URL(filePath: path))
            }
        }
        #expect(try bytes([("a", [3, 5], a), ("b", [7], b)]) == bytes([("b", [7], b), ("a", [3, 5], a)]))
    }

    @Test func `stay readable after the file was replaced and the reader let go`() throws {
        try TemporaryFile.with([]) { path in
            try writeSafetensors([("w", [1], random(1, 1, 1))], to: path)
            let old = try Safetensors(path)
            try writeSafetensors([("w", [1], random(1, 1, 2))], to: path)
            #expect(try old.matrix("w", shape: [1]) == random(1, 1, 1))
            #expect(try Safetensors(path).matrix("w", shape: [1]) == random(1, 1, 2))
        }
    }

    @Test func `leave nothing behind where writing fails`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/hone-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder + "/target/inside", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tensors = [(name: "w", shape: [1], matrix: random(1, 1, 1))]
        #expect(throws: SafetensorsError.self) { try writeSafetensors(tensors, to: folder + "/target") }
        #expect(throws: SafetensorsError.self) { try writeSafetensors(tensors, to: folder + "/missing/file") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["target"])
    }

    @Test func `cannot be written with a name twice, a reserved name or a wrong shape`() throws {
        let w = random(1, 2, 1)
        for tensors in [
            [("w", [2], w), ("w", [2], w)], [("__metadata__", [2], w)], [("v", [3], w)],
            [("u", [-1, -2], w)],
        ] as [[(name: String, shape: [Int], matrix: Matrix)]] {
            try TemporaryFile.with([]) { path -> Void in
                #expect(throws: SafetensorsError.self) { try writeSafetensors(tensors, to: path) }
            }
        }
    }

    @Test func `in half precision are converted, at any alignment`() throws {
        // 1.0, -2.0, 0.5 in BF16, F16 and F32, the data beginning at any address.
        let halves: [UInt8] = [0x80, 0x3f, 0x00, 0xc0, 0x00, 0x3f, 0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38]
        let singles: [UInt8] = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]
        let entries =
            #"{"b":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]},"#
            + #""h":{"dtype":"F16","shape":[3],"data_offsets":[6,12]},"f":{"dtype":"F32","shape":[3],"data_offsets":[12,24]}}"#
        for padding in 0..<4 {
            let header = entries + String(repeating: " ", count: padding)
            try TemporaryFile.with(TemporaryFile.safetensors(header, halves + singles)) { path in
                let file = try Safetensors(path)
                for name in ["b", "h", "f"] {
                    let values = try file.matrix(name, shape: [3]).values
                    #expect(values == [1, -2, 0.5])
                }
            }
        }
    }

    @Test func `may carry metadata with anything in it`() throws {
        let header =
            #"{"__metadata__":{"format":"pt","config":"{\"a\": [1, 2]}\n\u00fc\ud83d\ude00\/"},"#
            + #""w\u00fc":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        try TemporaryFile.with(TemporaryFile.safetensors(header, [0, 0, 0x80, 0x3f])) { path in
            let values = try Safetensors(path).matrix("wü", shape: [1]).values
            #expect(values == [1])
        }
    }

    @Test func `say which tensor is missing or of another shape or type, and what to do`() throws {
        let header = #"{"ids":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]}}"#
        try TemporaryFile.with(TemporaryFile.safetensors(header, [UInt8](repeating: 0, count: 8))) { path in
            let file = try Safetensors(path)
            func sentence(_ name: String, _ shape: [Int]) -> String {
                do { _ = try file.matrix(name, shape: shape) } catch { return "\(error)" }
                return ""
            }
            #expect(sentence("w", [1]) == #"\#(path) has no tensor "w": it belongs to another kind of model"#)
            #expect(
                sentence("ids", [2, 1])
                    == #"\#(path): tensor "ids" has the shape [1, 1], but config.json asks for [2, 1]: "#
                    + "the two files belong to different models")
            #expect(
                sentence("ids", [1, 1])
                    == #"\#(path): tensor "ids" holds I64; F32, F16 and BF16 can be read: "#
                    + "save the model again in one of them")
        }
    }

    @Test func `with a number that is not finite are refused`() throws {
        let header = #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
        for bad in [[0, 0, 0x80, 0x7f], [0, 0, 0xc0, 0x7f]] as [[UInt8]] {
            try TemporaryFile.with(TemporaryFile.safetensors(header, [0, 0, 0, 0] + bad)) { path -> Void in
                #expect(throws: SafetensorsError.self) { try Safetensors(path).matrix("w", shape: [2]) }
            }
        }
    }
}
