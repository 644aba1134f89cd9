/// Why a run gave no challenger.
public enum RetrainError: Error, Equatable, CustomStringConvertible {
    case timeLimit(Duration)
    /// The trainer ended with this status; `log` holds its last words.
    case trainerFailed(status: String, lastWords: String, log: String)
    case trainerMissing(path: String)
    /// Twice, from two seeds.
    case learnedNothing(log: String)
    /// The ladder holds no rung that could help.
    case noRemedy
    /// No earlier version could be tried.
    case noArchive

    public var description: String {
        switch self {
        case .timeLimit(let limit):
            "training took longer than retraining.time_limit (\(Int(limit / .seconds(1))) s) and was ended: "
                + "raise it, or lower retraining.maximum_rows"
        case .trainerFailed(let status, let words, let log):
            "the trainer \(status)\(words.isEmpty ? "" : ": \(words)"); all it said is in \(log)"
        case .learnedNothing(let log):
            "from two seeds the training learned no more than the classes' shares, or its loss was no number: "
                + "look at the labels, or lower retraining.training.learning_rate; the last words are in \(log)"
        case .noRemedy:
            "no remedy of retraining.ladder could give back what was lost: add full to it"
        case .noArchive:
            "no earlier version has the labels of the live one and its files still: raise retention.versions"
        case .trainerMissing(let path):
            "the trainer \(path) cannot be run: hone must lie beside honed"
        }
    }
}
