import Corpus
import Drift

extension TaskKind {
    /// Why a remedy has no meaning for models of the task, or no gain; `nil` for those that may be tried.
    func objection(to remedy: Remedy) -> String? {
        guard !hasClasses else { return nil }
        return switch remedy {
        case .temperature:
            "answers of \(rawValue) have no single probability that a temperature could set right"
        case .prior: "answers of \(rawValue) have no classes whose shares could have moved"
        case .head:
            "a head of \(rawValue) needs the encoder in each epoch, so that it costs what a full training does"
        case .archive, .lora, .full, .base: nil
        }
    }
}
