import Corpus
import Foundation
import Ingest
import Store
import Training
import Transformers

/// Where an error comes from: what `hone` makes its exit code of.
public enum Fault: Sendable, Equatable {
    /// What was asked for cannot be done as it was written.
    case arguments
    /// Rows or a model folder hold something else than they should.
    case data
    /// A file is not there, or cannot be read or written.
    case file
    case configuration
    /// Who was asked did not answer as it should.
    case unavailable
    case notPermitted

    /// `nil` for errors that are nobody's in particular.
    public init?(of error: any Error) {
        switch error {
        case is ConfigurationError: self = .configuration
        case LabelledRowsError.unreadable: self = .file
        case is LabelledRowsError: self = .data
        case CheckpointError.missingFile, CheckpointError.unwritable, ImportError.noModel: self = .file
        case is CheckpointError, is ImportError: self = .data
        case TrainingError.badArgument, TrainingError.otherSearch, is GenerationProblem,
            PredictionError.otherInput:
            self = .arguments
        case TrainingError.noRows, TrainingError.unknownLabel, TrainingError.tooFewLabels,
            TrainingError.oneScore, is TaskError:
            self = .data
        case PretrainingError.unreadable, PretrainingError.nothingToResume: self = .file
        case PretrainingError.unfinished: self = .arguments
        case is PretrainingError: self = .data
        case StoreError.cannotOpen, StoreError.diskFull, StoreError.io, StoreError.readOnly: self = .file
        case HubError.badName: self = .arguments
        case HubError.badEndpoint: self = .configuration
        case HubError.notAHub, HubError.status, HubError.unreachable, HubError.broken: self = .unavailable
        case HubError.refused: self = .notPermitted
        case HubError.occupied, HubError.unwritable: self = .file
        case is HubError: self = .data
        case is ExplanationError: self = .arguments
        case DataError.unreadable, DataError.unwritable: self = .file
        case DataError.unknownFormat, DataError.wrongUse: self = .arguments
        case is DataError, is ComparisonError, is SwapError, is TermSwapsError: self = .data
        case is CocoaError, is POSIXError: self = .file
        default: return nil
        }
    }
}

/// What stood in the way of reading or writing a file, in the system's words.
public func obstacle(_ error: any Error) -> String {
    guard let cause = (error as? CocoaError)?.underlying as? POSIXError else {
        return error.localizedDescription
    }
    return unsafe String(cString: strerror(cause.code.rawValue))
}
