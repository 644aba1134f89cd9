/// Why a safetensors file is not what it says it is. Each sentence names the file and what to do.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case malformed(file: String, reason: String)
    case missing(file: String, tensor: String)
    case wrongShape(file: String, tensor: String, found: [Int], expected: [Int])
    case wrongType(file: String, tensor: String, found: String)
    case unwritable(file: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file) cannot be read: \(reason)"
        case .malformed(let file, let reason):
            "\(file) is not a whole safetensors file: \(reason); download or copy it again"
        case .missing(let file, let tensor):
            "\(file) has no tensor \"\(tensor)\": it belongs to another kind of model"
        case .wrongShape(let file, let tensor, let found, let expected):
            "\(file): tensor \"\(tensor)\" has the shape \(found), but config.json asks for \(expected): "
                + "the two files belong to different models"
        case .wrongType(let file, let tensor, let found):
            "\(file): tensor \"\(tensor)\" holds \(found); F32, F16 and BF16 can be read: "
                + "save the model again in one of them"
        case .unwritable(let file, let reason):
            "\(file) cannot be written: \(reason)"
        }
    }
}
