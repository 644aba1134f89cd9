/// Why a text could not be learned from. Each sentence says what, where and what to do.
public enum PretrainingError: Error, Equatable, CustomStringConvertible {
    case noText
    case unreadable(String, reason: String)
    case compressed(String)
    case notText(String)
    case badRow(String, byte: Int)
    case nothingHeldOut(share: Double, bytes: Int)
    case noMask(folder: String)
    case unfinished(String)
    case nothingToResume(String)

    public var description: String {
        switch self {
        case .noText: "the files hold no text to learn from: name files with more than white space in them"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .compressed(let path):
            "\(path) is compressed: unpack it on the way, as in `zcat \(path) | hone pretrain --text - …`"
        case .notText(let path):
            "\(path) is no text in UTF-8: where it is in another encoding, convert it, as in "
                + "`iconv -f latin1 -t utf-8 \(path) | hone pretrain --text - …`"
        case .badRow(let path, let byte):
            "\(path): the line at byte \(byte) is no JSON object with a text \"text\": by its name the file is JSON "
                + "Lines; call it .txt if it is plain text"
        case .nothingHeldOut(let share, let bytes):
            "none of the \(bytes) bytes of text is held out to measure the model by: give more text, or a larger "
                + "share than \(share) with --held-out"
        case .noMask(let folder):
            "\(folder): the tokenizer has neither [MASK] nor <mask>, so nothing can be hidden: continue from a model "
                + "that was pre-trained with masks, or begin one with --family"
        case .unfinished(let output):
            "\(output) holds a run that was not finished: go on with `hone pretrain --resume --output \(output)`, or "
                + "remove \(output)/training-state to begin anew"
        case .nothingToResume(let output):
            "\(output) holds no unfinished run: give --text and --base or --family to begin one"
        }
    }
}
