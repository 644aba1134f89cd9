/// Where a tensor lies in a safetensors file, and what it is.
public struct TensorDescription: Sendable, Equatable {
    /// `F32`, `F16`, `BF16`, `I64` …
    public var type: String
    public var shape: [Int]
    /// Bytes from the end of the header.
    public var range: Range<Int>

    /// Bytes of one element; `nil` for a type that is not known.
    static func width(of type: String) -> Int? {
        switch type {
        case "F64", "I64", "U64": 8
        case "F32", "I32", "U32": 4
        case "F16", "BF16", "I16", "U16": 2
        case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2": 1
        default: nil
        }
    }
}

/// Reads the JSON header of a safetensors file: exactly the shape that the format prescribes.
///
/// ```
/// {"__metadata__": {"format": "pt"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
/// ```
/// Offsets must be those of type and shape, and all tensors together must cover the data exactly:
/// nothing can hide in such a file, and nothing in it points outside of it.
/// Source: <https://huggingface.co/docs/safetensors/index#format>.
enum SafetensorsHeader {
    struct Problem: Error { let reason: String }

    static func parse(_ bytes: [UInt8], dataBytes: Int) throws(Problem) -> [String: TensorDescription] {
        var reader = HeaderReader(bytes)
        var tensors: [String: TensorDescription] = [:]
        var hasMetadata = false
        try reader.members { reader, name throws(Problem) in
            if name == "__metadata__" {
                guard !hasMetadata else {
                    throw Problem(reason: "the header has two entries \"__metadata__\"")
                }
                hasMetadata = true
                try metadata(&reader)
            } else {
                guard tensors[name] == nil else { throw Problem(reason: "tensor \"\(name)\" is named twice") }
                tensors[name] = try tensor(name, &reader)
            }
        }
        try reader.expectEnd()
        try checkCover(tensors, dataBytes)
        return tensors
    }

    /// Free text by name, of which nothing here depends; but it must be sound.
    private static func metadata(_ reader: inout HeaderReader) throws(Problem) {
        var names: Set<String> = []
        try reader.members { reader, name throws(Problem) in
            guard names.insert(name).inserted else {
                throw Problem(reason: "the metadata name \"\(name)\" twice")
            }
            _ = try reader.string()
        }
    }

    private static func tensor(
        _ name: String, _ reader: inout HeaderReader
    ) throws(Problem) -> TensorDescription {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try reader.members { reader, key throws(Problem) in
            switch key {
            case "dtype" where type == nil: type = try reader.string()
            case "shape" where shape == nil: shape = try reader.integers()
            case "data_offsets" where offsets == nil: offsets = try reader.integers()
            default:
                throw Problem(reason: "tensor \"\(name)\" has the unknown or repeated property \"\(key)\"")
            }
        }
        guard let type, let shape, let offsets else {
            throw Problem(reason: "tensor \"\(name)\" lacks dtype, shape or data_offsets")
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw Problem(reason: "tensor \"\(name)\" has the data_offsets \(offsets.prefix(4))")
        }
        guard let width = TensorDescription.width(of: type) else {
            throw Problem(reason: "tensor \"\(name)\" has the unknown type \"\(type)\"")
        }
        guard let bytes = product(of: shape, times: width) else {
            throw Problem(reason: "tensor \"\(name)\" has the impossible shape \(shape.prefix(16))")
        }
        guard bytes == offsets[1] - offsets[0] else {
            throw Problem(
                reason: "tensor \"\(name)\" of type \(type) and shape \(shape) needs \(bytes) bytes, "
                    + "its data_offsets \(offsets) hold \(offsets[1] - offsets[0])")
        }
        return TensorDescription(type: type, shape: shape, range: offsets[0]..<offsets[1])
    }

    private static func product(of shape: [Int], times width: Int) -> Int? {
        guard shape.count <= 16 else { return nil }
        var product = width
        for size in shape {
            let (next, overflows) = product.multipliedReportingOverflow(by: size)
            if overflows { return nil }
            product = next
        }
        return product
    }

    private static func checkCover(_ tensors: [String: TensorDescription], _ dataBytes: Int) throws(Problem) {
        let ordered = tensors.sorted { a, b in
            (a.value.range.lowerBound, a.value.range.upperBound, a.key)
                < (b.value.range.lowerBound, b.value.range.upperBound, b.key)
        }
        var end = 0
        for (name, tensor) in ordered {
            guard tensor.range.lowerBound == end else {
                let fault =
                    tensor.range.lowerBound < end ? "overlaps the one before it" : "leaves a gap before it"
                throw Problem(reason: "tensor \"\(name)\" at \(tensor.range) \(fault), which ends at \(end)")
            }
            end = tensor.range.upperBound
        }
        guard end <= dataBytes else {
            throw Problem(reason: "its tensors need \(end) bytes and it holds \(dataBytes): it was cut short")
        }
        guard end == dataBytes else {
            throw Problem(reason: "its tensors end at \(end) and \(dataBytes - end) bytes follow")
        }
    }
}
