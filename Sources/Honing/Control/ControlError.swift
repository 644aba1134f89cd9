import Corpus
import Ingest
import Store
import Transformers

/// Why something that an operator asked for was not done.
public enum ControlError: Error, Equatable, CustomStringConvertible {
    case noSuchSource(String, known: [String])
    case noSuchVersion(Int, known: [Int])
    case versionMissing
    /// The number as it was written.
    case noSuchRun(String)
    /// A remedy that there is none of.
    case noSuchLevel(String)
    case noModel
    case alreadyLive(Int)
    /// The gate did not let a version through; its sentence.
    case refused(Int, String)
    /// A version is in the gate.
    case judging(Int)
    /// Two versions answer with other labels, so that no trial can compare them.
    case notComparable(Int, Int)
    /// A remedy has no meaning for the live model's task, as the sentence says.
    case meaningless(String, String)
    case nothingToRollBackTo
    case runUnderWay(Int64)
    case reasonMissing(String)
    case notEnoughRows(have: Int, need: Int)
    /// The folder, file or version that was named cannot be used, for a reason that is its own.
    case unusable(String)
    /// A source gave nothing, through no fault of the daemon's.
    case sourceFailed(String)
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
                    ? "it is empty" : "it holds \(known.sorted().map(String.init).joined(separator: ", "))")
        case .versionMissing:
            "a promotion needs the number of a version: `hone versions` lists them"
        case .noSuchRun(let run):
            "there is no run \(run): `hone report` lists those there were"
        case .noSuchLevel(let level):
            "there is no remedy \"\(level)\": choose among \(RetrainOrder.levels.joined(separator: ", "))"
        case .noModel:
            "no model is live yet: import one with `hone import FOLDER`"
        case .alreadyLive(let version):
            "version \(version) is live already: `hone versions` lists the others"
        case .refused(let version, let sentence):
            "version \(version) stays where it is; \(sentence). "
                + "To make it live all the same: `hone promote \(version) --force --reason …`"
        case .judging(let version):
            "version \(version) is in the gate, and trials go one by one: try again in a moment"
        case .notComparable(let version, let live):
            "version \(version) does not have the labels of version \(live), so that no trial can compare them: "
                + "`hone promote \(version) --force --reason …` makes it live without one"
        case .nothingToRollBackTo:
            "the live version is the first one: name another with `hone rollback VERSION`"
        case .runUnderWay(let run):
            "run \(run) is under way and runs go one by one: follow it with `hone status`"
        case .reasonMissing(let act):
            "\(act) needs a reason that others can read later: add --reason \"…\""
        case .notEnoughRows(let have, let need):
            "\(counted(have, "labelled row")) \(have == 1 ? "is" : "are") too few to train on: \(need) are needed; "
                + "fetch more with `hone fetch`"
        case .meaningless(let level, let reason):
            "the remedy \"\(level)\" is not for this model: \(reason)"
        case .unusable(let reason), .sourceFailed(let reason), .storageFull(let reason):
            reason
        }
    }
}

extension ControlError {
    /// Carries an order out. Whatever is wrong with what the order names comes back as the order's
    /// error, not as one of the daemon's.
    static func answering<Result: Sendable>(
        isolation: isolated (any Actor)? = #isolation, _ order: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await order()
        } catch let error as CheckpointError {
            throw ControlError.unusable(error.description)
        } catch let error as ImportError {
            throw ControlError.unusable(error.description)
        } catch let error as LabelledRowsError {
            throw ControlError.unusable(error.description)
        } catch let error as IngestError {
            throw ControlError.sourceFailed(error.description)
        } catch let error as StoreError {
            switch error {
            case .diskFull: throw ControlError.storageFull(error.description)
            case .unusableFolder, .damagedVersion: throw ControlError.unusable(error.description)
            default: throw error
            }
        }
    }
}
