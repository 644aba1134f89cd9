/// Why a tokenizer cannot be loaded.
public enum TokenizerFileError: Error, Equatable, CustomStringConvertible {
    case missing(folder: String)
    case malformed(file: String, reason: String)
    case unsupported(file: String, component: String, found: String, supported: String)

    public var description: String {
        switch self {
        case .missing(let folder):
            "\(folder) has neither tokenizer.json nor vocab.txt, nor vocab.json with merges.txt: copy them from "
                + "the model's page"
        case .malformed(let file, let reason):
            "\(file) is damaged: \(reason); download or copy it again"
        case .unsupported(let file, let component, let found, let supported):
            "\(file): the \(component) \"\(found)\" is not supported; supported is \(supported)"
        }
    }
}
