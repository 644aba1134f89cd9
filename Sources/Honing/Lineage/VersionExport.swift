import Drift
import Foundation
import Store
import Transformers

/// A version as a folder of its own, with a model card of real figures: `hone export`.
public struct VersionExport: Codable, Sendable, Equatable {
    public var version: Int
    public var folder: String
    public var files: [String]
    public var sentence: String {
        "Version \(version) lies in \(folder): \(files.joined(separator: ", "))."
    }

    /// Copies a version out of the registry. Reads the daemon's database and registry and changes neither.
    ///
    /// - Parameter folder: must not exist, or be empty.
    /// - Throws: `ControlError`, `StoreError` where the version's files are not what was registered.
    public init(
        of version: Int, _ configuration: HonedConfiguration, as format: ExportFormat = .huggingface,
        to folder: String
    ) async throws {
        let places = DataDirectory(configuration.dataDirectory)
        let store = try Database.openReadOnly(at: places.database)
        guard let record = try await store.version(version) else {
            throw ControlError.noSuchVersion(version, known: try await store.versions().map(\.version))
        }
        let registry = try ModelRegistry(root: places.registry)
        try registry.verify(version)
        try FolderExport.makeEmpty(folder)
        let source = registry.directory(of: version)
        let names =
            switch format {
            case .huggingface: try Self.copy(source, to: folder)
            case .onnx: try Checkpoint(source).writeONNX(to: folder)
            }
        let card = try await Self.card(record, store, configuration, format)
        try Data(card.markdown.utf8).write(to: URL(filePath: folder + "/README.md"))
        self.version = version
        self.folder = folder
        self.files = (names + ["README.md"]).sorted()
    }

    /// - Returns: the names of the files.
    private static func copy(_ source: String, to folder: String) throws -> [String] {
        let files = FileManager.default
        // The manifest is the registry's own, and a card of the base would tell of another model.
        let names = try files.subpathsOfDirectory(atPath: source).sorted()
            .filter { $0 != "manifest.json" && $0 != "README.md" }
        for name in names {
            let target = folder + "/" + name
            let kind = try files.attributesOfItem(atPath: source + "/" + name)[.type] as? FileAttributeType
            guard kind != .typeDirectory else {
                try files.createDirectory(atPath: target, withIntermediateDirectories: true)
                continue
            }
            try files.copyItem(atPath: source + "/" + name, toPath: target)
            // The registry's files are nobody's to write; a copy is its owner's.
            try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
        }
        return names
    }

    private static func card(
        _ record: ModelVersion, _ store: Database, _ configuration: HonedConfiguration,
        _ format: ExportFormat
    ) async throws -> ModelCard {
        let promotions = try await store.promotions(limit: 1_000).filter { $0.version == record.version }
        var run: TrainingRun?
        if let id = record.runID { run = try await store.run(id) }
        let lineage = try await store.lineage(of: record.version)
        let json = run?.verdict ?? promotions.compactMap(\.verdict).last
        return ModelCard(
            name: configuration.model.name, format: format,
            summary: ModelSummary(record, promotion: promotions.first, isLive: false),
            verdict: json.flatMap { try? JSONDecoder().decode(TrialVerdict.self, from: Data($0.utf8)) },
            lineage: lineage.map {
                ModelCard.Lineage(
                    trigger: $0.trigger, requestedBy: $0.requestedBy, snapshotHash: $0.snapshotHash,
                    trainingRows: $0.trainingRows, developmentRows: $0.developmentRows,
                    arguments: record.arguments,
                    provenance: try? JSONDecoder().decode(Provenance.self, from: Data($0.provenance.utf8)))
            },
            promotions: promotions.reversed().map { ReportPromotion($0) })
    }
}
