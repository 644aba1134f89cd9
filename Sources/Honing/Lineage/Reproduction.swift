import Corpus
import Foundation
import Store
import Tensors
public import Training

/// A version trained once more from what is stored of it: `hone reproduce`.
public struct Reproduction: Sendable {
    public let version: Int
    /// SHA-256 of its weights, as registered.
    public let expected: String
    /// Where it is trained; the caller's to remove.
    public let directory: RunDirectory
    public let trainingRows: Int
    /// Why other bytes are to be expected on this machine; `nil` where the same are.
    public let difference: String?

    /// Lays a run directory out as it was when the version was trained, checking each part against what
    /// is written down. Reads the daemon's database and registry and changes neither.
    ///
    /// - Parameter folder: where to lay it out.
    /// - Throws: `ReproductionError` for what is not stored any more; `StoreError`.
    public init(of version: Int, _ configuration: HonedConfiguration, in folder: String) async throws {
        let places = DataDirectory(configuration.dataDirectory)
        let store = try Database.openReadOnly(at: places.database)
        guard let record = try await store.version(version) else {
            throw ControlError.noSuchVersion(version, known: try await store.versions().map(\.version))
        }
        guard let lineage = try await store.lineage(of: version), let parent = record.parent else {
            throw ReproductionError.notTrainedHere(version, record.origin.rawValue)
        }
        let snapshot = try await store.snapshot(of: version)
        guard snapshot.hash == lineage.snapshotHash else { throw ReproductionError.otherRows(version) }
        let registry = try ModelRegistry(root: places.registry)
        guard FileManager.default.fileExists(atPath: registry.directory(of: parent)) else {
            throw ReproductionError.baseRetired(version, base: parent)
        }
        guard try registry.verify(parent) == lineage.baseChecksum else {
            throw ReproductionError.otherBase(version, base: parent)
        }
        let arguments = try JSONDecoder().decode(
            TrainingArguments.self, from: Data(record.arguments.utf8))
        directory = RunDirectory(path: folder)
        try directory.create(
            TrainingPlan(
                base: registry.directory(of: parent),
                task: TaskKind(rawValue: record.task) ?? .textClassification,
                labels: LabelSet(names: record.labels), arguments: arguments,
                reason: "version \(version) once more"),
            training: snapshot.training.map(\.example), development: snapshot.development.map(\.example))
        self.version = version
        expected = record.checksum
        trainingRows = snapshot.training.count
        let then = try? JSONDecoder().decode(Provenance.self, from: Data(lineage.provenance.utf8))
        difference = then.flatMap { Self.difference(then: $0, now: Provenance(arguments)) }
    }

    private static func difference(then: Provenance, now: Provenance) -> String? {
        guard then.kernels != now.kernels || then.precision != now.precision else { return nil }
        return "it was trained with the kernels \(then.kernels) in \(then.precision), and here they are "
            + "\(now.kernels) in \(now.precision): sums are rounded otherwise"
    }

    /// Trains, and says what came of it.
    public func run(progress: (TrainingProgress) -> Void = { _ in }) throws -> Outcome {
        let result = try directory.train(progress: progress)
        return Outcome(
            version: version, expected: expected, found: result.weightsSHA256, trainingRows: trainingRows,
            difference: difference)
    }

    /// What a reproduction gave.
    public struct Outcome: Codable, Sendable, Equatable {
        public var version: Int
        /// SHA-256 of the weights, registered and trained anew.
        public var expected: String
        public var found: String
        public var trainingRows: Int
        public var difference: String?

        public var isSame: Bool { expected == found }

        public var sentence: String {
            if isSame {
                return "Version \(version) is reproduced bit for bit from \(grouped(trainingRows)) rows: "
                    + "SHA-256 \(found)."
            }
            return "Version \(version) came out otherwise: SHA-256 \(found) instead of \(expected); "
                + (difference ?? "nothing known differs, so files, rows or program are not what they were")
                + "."
        }
    }
}

/// Why a version cannot be trained once more.
public enum ReproductionError: Error, Equatable, CustomStringConvertible {
    case notTrainedHere(Int, String)
    case otherRows(Int)
    case baseRetired(Int, base: Int)
    case otherBase(Int, base: Int)

    public var description: String {
        switch self {
        case .notTrainedHere(let version, let origin):
            "version \(version) was \(origin), and nothing is stored of its training: "
                + "versions that Hone trained since 0.1.0 can be reproduced"
        case .otherRows(let version):
            "the rows that are stored of version \(version) are not those that it was trained on: "
                + "restore the database from a backup"
        case .baseRetired(let version, let base):
            "version \(version) was trained from version \(base), whose files were let go: "
                + "restore them from a backup, and raise retention.versions to keep them longer"
        case .otherBase(let version, let base):
            "version \(base), from which version \(version) was trained, has other weights than it had then: "
                + "restore its files from a backup"
        }
    }
}
