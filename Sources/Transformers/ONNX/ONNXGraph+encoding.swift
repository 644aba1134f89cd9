import Tensors

/// Numbers of fields are those of `onnx.proto`: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
extension ONNXGraph {
    /// The version of the file's form that came with the operators of `opset`.
    static let formVersion = 8

    /// The file's bytes, and the matrices that are to lie in a file beside it.
    ///
    /// - Parameter sideFile: the name of that file; `nil` where all is in one.
    func encoded(sideFile: String?) -> (model: ProtobufMessage, beside: [PlacedMatrix]) {
        var operators = ProtobufMessage()
        operators.add(2, Self.opset)
        let (graph, beside) = graphMessage(sideFile)
        var model = ProtobufMessage()
        model.add(1, Self.formVersion)
        model.add(2, "hone")
        model.add(7, graph)
        model.add(8, operators)
        return (model, beside)
    }

    /// A matrix in the file beside.
    struct PlacedMatrix {
        let offset: Int
        let matrix: Matrix
    }

    private func graphMessage(_ sideFile: String?) -> (ProtobufMessage, [PlacedMatrix]) {
        var message = ProtobufMessage()
        for node in nodes { message.add(1, node.message) }
        message.add(2, "encoder")
        var beside: [PlacedMatrix] = []
        var end = 0
        for constant in constants {
            var part = constant.head
            switch constant.content {
            case .integers(let values):
                for value in values { part.add(7, value) }
            case .floats(let matrix) where sideFile == nil || matrix.bytes < Self.leastBeside:
                part.add(9, matrix)
            case .floats(let matrix):
                // At the start of a page, so that a reader may map it.
                let offset = (end + Self.page - 1) / Self.page * Self.page
                beside.append(PlacedMatrix(offset: offset, matrix: matrix))
                end = offset + matrix.bytes
                let entries = [
                    ("location", sideFile ?? ""), ("offset", "\(offset)"), ("length", "\(matrix.bytes)"),
                ]
                for (key, value) in entries {
                    var entry = ProtobufMessage()
                    entry.add(1, key)
                    entry.add(2, value)
                    part.add(13, entry)
                }
                part.add(14, Self.isBeside)
            }
            message.add(5, part)
        }
        for port in inputs { message.add(11, port.message) }
        for port in outputs { message.add(12, port.message) }
        return (message, beside)
    }

    /// Smaller matrices are not worth a place of their own, in bytes.
    private static let leastBeside = 1_024
    private static let page = 4_096
    /// `DataLocation.EXTERNAL`.
    private static let isBeside = 1
}

extension ONNXGraph.Constant {
    /// All of it but its elements.
    fileprivate var head: ProtobufMessage {
        var message = ProtobufMessage()
        for size in shape { message.add(1, size) }
        let element: ONNXGraph.Element = if case .floats = content { .float } else { .int64 }
        message.add(2, element.rawValue)
        message.add(8, name)
        return message
    }
}

extension ONNXGraph.Node {
    fileprivate var message: ProtobufMessage {
        var message = ProtobufMessage()
        for input in inputs { message.add(1, input.name) }
        for output in outputs { message.add(2, output.name) }
        message.add(3, name)
        message.add(4, operation)
        for (name, value) in attributes {
            var attribute = ProtobufMessage()
            attribute.add(1, name)
            switch value {
            case .float(let number):
                attribute.add(2, number)
                attribute.add(20, 1)
            case .int(let number):
                attribute.add(3, number)
                attribute.add(20, 2)
            case .ints(let numbers):
                for number in numbers { attribute.add(8, number) }
                attribute.add(20, 7)
            }
            message.add(5, attribute)
        }
        return message
    }
}

extension ONNXGraph.Port {
    fileprivate var message: ProtobufMessage {
        var sizes = ProtobufMessage()
        for dimension in shape {
            var size = ProtobufMessage()
            switch dimension {
            case .size(let count): size.add(1, count)
            case .named(let name): size.add(2, name)
            }
            sizes.add(1, size)
        }
        var (tensor, type, message) = (ProtobufMessage(), ProtobufMessage(), ProtobufMessage())
        tensor.add(1, element.rawValue)
        tensor.add(2, sizes)
        type.add(1, tensor)
        message.add(1, name)
        message.add(2, type)
        return message
    }
}
