/// Why something that an operator asked for was not done.
public enum ControlError: Error, Equatable, CustomStringConvertible {
    case noSuchSource(String, known: [String])
    case noSuchVersion(Int, known: [Int])
    case noModel
    case alreadyLive(Int)
    case nothingToRollBackTo
    case runUnderWay(Int64)
    case reasonMissing(String)
    case notEnoughRows(have: Int, need: Int)
    /// Nothing can be written now; what was sent must be sent again.
    case storageFull(String)

    public var description: String {
        switch self {
        case .noSuchSource(let name, let known):
            "there is no source \"\(name)\" in the configuration: "
                + (known.isEmpty ? "it names none" : "it names \(known.joined(separator: ", "))")
        case .noSuchVersion(let version, let known):
            "there is no version \(version) in the registry: "
                + (known.isEmpty
                    ? "it is empty" : "it holds \(known.map(String.init).joined(separator: ", "))")
        case .noModel:
            "no model is live yet: import one with `hone import FOLDER`"
        case .alreadyLive(let version):
            "version \(version) is live already"
        case .nothingToRollBackTo:
            "the live version is the first one: name another with `hone rollback VERSION`"
        case .runUnderWay(let run):
            "run \(run) is under way and runs go one by one: follow it with `hone status`"
        case .reasonMissing(let act):
            "\(act) needs a reason that others can read later: add --reason \"…\""
        case .notEnoughRows(let have, let need):
            "\(have) labelled rows are too few to train on: \(need) are needed; "
                + "fetch more with `hone fetch`"
        case .storageFull(let reason):
            reason
        }
    }
}
