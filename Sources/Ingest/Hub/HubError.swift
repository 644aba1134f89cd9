/// Why a model could not be fetched from a hub. Each sentence says what, where, and what to do.
public enum HubError: Error, Sendable, Equatable, CustomStringConvertible {
    case badName(String)
    case badEndpoint(String, why: String)
    case notAHub(String)
    case notFound(String, at: String)
    case refused(String, at: String, hasToken: Bool)
    case status(String, code: Int)
    case unreachable(String, why: String)
    case broken(String, why: String, attempts: Int)
    case noModel(HubModel, missing: String)
    case pickled(HubModel, String)
    case otherSize(String, bytes: Int, expected: Int)
    case otherContent(String, found: String, expected: String)
    case occupied(String)
    case unwritable(String, why: String)

    public var description: String {
        switch self {
        case .badName(let text):
            "\"\(text)\" names no model: write ORG/NAME, or ORG/NAME@REVISION for a branch, a tag or a commit"
        case .badEndpoint(let text, let why):
            "HF_ENDPOINT \(text) cannot be used: \(why); it must be an address such as https://huggingface.co"
        case .notAHub(let place):
            "\(place) did not answer as a Hugging Face hub does: check HF_ENDPOINT"
        case .notFound(let what, let place):
            "there is no \(what) at \(place): check the name and the revision"
        case .refused(let what, let place, let hasToken):
            hasToken
                ? "\(place) does not give \(what) to the owner of HF_TOKEN: it may not exist, or its terms "
                    + "must be accepted on its page first"
                : "\(place) does not give \(what) to everybody: it may not exist, or it is private or gated; "
                    + "if you may have it, set HF_TOKEN to a token of yours"
        case .status(let place, let code):
            "\(place) answered with status \(code): try again later"
        case .unreachable(let place, let why):
            "\(place) cannot be asked: \(why); check the network, and HF_ENDPOINT if you use a mirror"
        case .broken(let file, let why, let attempts):
            "\(file) did not come whole in \(attempts) attempts: \(why); what came is kept, "
                + "so run the command again to go on from there"
        case .noModel(let model, let missing):
            "\(model) has no \(missing): Hone needs config.json, model.safetensors (whole or divided) and a "
                + "tokenizer; choose another model or revision"
        case .pickled(let model, let file):
            "\(model) has only \(file): pickled weights are a program, which Hone does not run; many models have "
                + "a revision with model.safetensors, such as \(model.name)@refs/pr/1"
        case .otherSize(let file, let bytes, let expected):
            "\(file) has \(bytes) bytes, and the hub says \(expected): it was thrown away; run the command again"
        case .otherContent(let file, let found, let expected):
            "\(file) has the checksum \(found.prefix(12))…, and the hub says \(expected.prefix(12))…: it was "
                + "thrown away; run the command again"
        case .occupied(let path):
            "\(path) exists already: remove it, or name another folder with --output"
        case .unwritable(let path, let why):
            "\(path) cannot be written: \(why)"
        }
    }
}
