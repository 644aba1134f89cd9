import Tensors

/// A network as ONNX writes it: operations in the order in which they are computed, each on named values.
///
/// It is built from its inputs upwards: every operation that is applied gives the value that it computes.
/// Source: <https://onnx.ai/onnx/operators/>, operators of `opset`.
struct ONNXGraph {
    /// The version of the operators that are used: the first with `LayerNormalization`.
    static let opset = 17

    /// What an operation computed, or was given.
    struct Value: Equatable { let name: String }

    /// What a value's elements are, by ONNX's numbers.
    enum Element: Int { case float = 1, int64 = 7 }

    enum Dimension: Equatable {
        case size(Int)
        /// One that differs from call to call.
        case named(String)
    }

    /// A value that comes in from outside, or goes out.
    struct Port {
        let name: String
        let element: Element
        let shape: [Dimension]
    }

    struct Node {
        let name: String
        let operation: String
        let inputs: [Value]
        let outputs: [Value]
        let attributes: [(name: String, value: Attribute)]
    }

    enum Attribute { case int(Int), float(Float), ints([Int]) }

    /// A value that is always the same.
    struct Constant {
        enum Content { case floats(Matrix), integers([Int]) }

        let name: String
        let shape: [Int]
        let content: Content
    }

    private(set) var inputs: [Port] = []
    private(set) var outputs: [Port] = []
    private(set) var nodes: [Node] = []
    private(set) var constants: [Constant] = []
    private var known: Set<String> = []
    /// What the names of nodes begin with: where in the network they are.
    var place = ""

    mutating func input(_ name: String, _ element: Element, _ shape: [Dimension]) -> Value {
        inputs.append(Port(name: name, element: element, shape: shape))
        return Value(name: name)
    }

    mutating func output(_ value: Value, as name: String, _ shape: [Dimension]) {
        nodes.append(
            Node(
                name: name, operation: "Identity", inputs: [value], outputs: [Value(name: name)],
                attributes: []))
        outputs.append(Port(name: name, element: .float, shape: shape))
    }

    mutating func apply(
        _ operation: String, to inputs: Value..., with attributes: (name: String, value: Attribute)...
    ) -> Value {
        append(operation, inputs, attributes, results: 1)[0]
    }

    /// Cuts the last dimension into equal parts.
    mutating func split(_ x: Value, into parts: Int) -> [Value] {
        append("Split", [x], [("axis", .int(-1))], results: parts)
    }

    private mutating func append(
        _ operation: String, _ inputs: [Value], _ attributes: [(name: String, value: Attribute)], results: Int
    ) -> [Value] {
        // The number keeps names apart; it is the node's own, so the same model gives the same bytes.
        let name = "\(place)/\(operation)_\(nodes.count)"
        let outputs = (0..<results).map { Value(name: results == 1 ? name : "\(name).\($0)") }
        nodes.append(
            Node(name: name, operation: operation, inputs: inputs, outputs: outputs, attributes: attributes))
        return outputs
    }

    // MARK: Constants

    /// A parameter. A matrix of one row is a vector unless `isTable`.
    mutating func parameter(_ name: String, _ matrix: Matrix, isTable: Bool = false) -> Value {
        let shape = matrix.rows == 1 && !isTable ? [matrix.columns] : [matrix.rows, matrix.columns]
        return constant(Constant(name: name, shape: shape, content: .floats(matrix)))
    }

    mutating func scalar(_ value: Float) -> Value {
        let matrix = Matrix(rows: 1, columns: 1, values: [value])
        return constant(Constant(name: "scalar \(value)", shape: [], content: .floats(matrix)))
    }

    /// Whole numbers in a row: shapes, axes, permutations.
    mutating func integers(_ values: Int...) -> Value {
        let name = "integers " + values.map(String.init).joined(separator: " ")
        return constant(Constant(name: name, shape: [values.count], content: .integers(values)))
    }

    mutating func integer(_ value: Int) -> Value {
        constant(Constant(name: "integer \(value)", shape: [], content: .integers([value])))
    }

    /// The same name is the same constant.
    private mutating func constant(_ constant: Constant) -> Value {
        if known.insert(constant.name).inserted { constants.append(constant) }
        return Value(name: constant.name)
    }
}
