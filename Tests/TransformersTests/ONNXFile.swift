import Foundation

/// A file of ONNX, read back field by field: as much of it as tests look at.
struct ONNXFile {
    struct Node {
        var operation: String
        var inputs: [String]
        var outputs: [String]
    }

    struct Constant {
        var name: String
        var shape: [Int]
        var element: Int
        /// Its elements, where they lie in the file.
        var raw: [UInt8]
        var integers: [Int]
        /// Where they lie, if it is a file beside.
        var place: [String: String]

        var count: Int { shape.reduce(1, *) }
    }

    var form: Int
    var opset: Int
    var nodes: [Node] = []
    var constants: [Constant] = []
    /// Names and shapes, with names for dimensions that are free.
    var inputs: [String: [String]] = [:]
    var outputs: [String: [String]] = [:]

    init(_ path: String) throws {
        let model = try Message(Array(Data(contentsOf: URL(filePath: path))))
        form = model.numbers(1).first ?? 0
        opset = try model.messages(8).first?.numbers(2).first ?? 0
        guard let graph = try model.messages(7).first else { throw Broken() }
        nodes = try graph.messages(1).map {
            Node(operation: $0.texts(4).first ?? "", inputs: $0.texts(1), outputs: $0.texts(2))
        }
        for tensor in try graph.messages(5) {
            let entries = try tensor.messages(13).map { ($0.texts(1)[0], $0.texts(2)[0]) }
            constants.append(
                Constant(
                    name: tensor.texts(8).first ?? "", shape: tensor.numbers(1),
                    element: tensor.numbers(2).first ?? 0, raw: tensor.bytes(9).first ?? [],
                    integers: tensor.numbers(7), place: Dictionary(uniqueKeysWithValues: entries)))
        }
        inputs = try Self.ports(graph.messages(11))
        outputs = try Self.ports(graph.messages(12))
    }

    /// What is named nowhere before it is used, twice, or in vain.
    var faults: [String] {
        var known = Set(inputs.keys)
        var used: Set<String> = []
        var faults: [String] = []
        for name in constants.map(\.name) where !known.insert(name).inserted {
            faults.append("\(name) is there twice")
        }
        for node in nodes {
            for name in node.inputs {
                used.insert(name)
                if !known.contains(name) {
                    faults.append("\(node.operation) reads \(name), which nobody made")
                }
            }
            for name in node.outputs where !known.insert(name).inserted {
                faults.append("\(name) is made twice")
            }
        }
        for name in outputs.keys where !known.contains(name) { faults.append("nobody made \(name)") }
        for name in known.subtracting(used).subtracting(outputs.keys).sorted() {
            faults.append("\(name) is of no use")
        }
        return faults
    }

    private static func ports(_ messages: [Message]) throws -> [String: [String]] {
        var ports: [String: [String]] = [:]
        for port in messages {
            let tensor = try port.messages(2)[0].messages(1)[0]
            ports[port.texts(1)[0]] = try tensor.messages(2)[0].messages(1).map {
                $0.texts(2).first ?? "\($0.numbers(1).first ?? 0)"
            }
        }
        return ports
    }

    struct Broken: Error {}

    /// Fields by their numbers, in their order.
    private struct Message {
        private var numbers: [Int: [Int]] = [:]
        private var strings: [Int: [[UInt8]]] = [:]

        init(_ bytes: [UInt8]) throws {
            var position = 0
            func varint() throws -> UInt64 {
                var (value, shift) = (UInt64(0), UInt64(0))
                while position < bytes.count, shift < 64 {
                    let byte = bytes[position]
                    position += 1
                    value |= UInt64(byte & 0x7F) << shift
                    if byte < 0x80 { return value }
                    shift += 7
                }
                throw Broken()
            }
            while position < bytes.count {
                let key = try varint()
                switch key & 7 {
                case 0: numbers[Int(key >> 3), default: []].append(Int(Int64(bitPattern: try varint())))
                case 2:
                    let count = Int(try varint())
                    guard position + count <= bytes.count else { throw Broken() }
                    strings[Int(key >> 3), default: []].append(Array(bytes[position..<position + count]))
                    position += count
                case 5: position += 4
                default: throw Broken()
                }
            }
        }

        func numbers(_ field: Int) -> [Int] { numbers[field] ?? [] }
        func bytes(_ field: Int) -> [[UInt8]] { strings[field] ?? [] }
        func texts(_ field: Int) -> [String] { bytes(field).map { String(decoding: $0, as: UTF8.self) } }
        func messages(_ field: Int) throws -> [Message] { try bytes(field).map { try Message($0) } }
    }
}
