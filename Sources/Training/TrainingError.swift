/// Why a training could not be done.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    case noRows
    case unknownLabel(String, known: [String])
    case tooFewLabels(Int)
    case oneScore
    case badArgument(String, range: String)
    case cancelled
    case diverged(step: Int)
    /// A folder holds the trials of other rows, another base or other arguments.
    case otherSearch(String)

    public var description: String {
        switch self {
        case .noRows: "there are no labelled rows to train on"
        case .unknownLabel(let label, let known):
            "a row has the label \"\(label)\", which is not among \(known.joined(separator: ", "))"
        case .tooFewLabels(let count):
            "a label set of \(count) leaves nothing to tell apart: at least two labels are needed"
        case .oneScore: "all rows have the same score, which leaves nothing to learn"
        case .badArgument(let name, let range):
            "the training argument \(name) is out of its range: it must be \(range)"
        case .cancelled: "training was cancelled"
        case .diverged(let step):
            "the loss is no number any more at step \(step): lower the learning rate"
        case .otherSearch(let folder):
            "\(folder)/trials.jsonl is of a search with other rows, another base, other arguments or another seed: "
                + "name another folder"
        }
    }
}
