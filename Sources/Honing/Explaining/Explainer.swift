import Drift
import Foundation
import Store

/// Looks decisions of a daemon up in its database, whether it runs or not, and reaches them again.
public struct Explainer: Sendable {
    private let store: Database
    private let configuration: HonedConfiguration

    /// - Throws: `StoreError` where there is no database, or this user may not read it.
    public init(_ configuration: HonedConfiguration) throws {
        self.init(
            try Database.openReadOnly(at: DataDirectory(configuration.dataDirectory).database), configuration)
    }

    init(_ store: Database, _ configuration: HonedConfiguration) {
        self.store = store
        self.configuration = configuration
    }

    /// What can be explained, the newest first, a line each.
    public func list(limit: Int = 50) async throws -> [String] {
        try await store.decisions(limit: limit).map {
            let lead = TextLayout.cell($0.id, 16) + moment($0.at, seconds: true) + "  "
            return TextLayout.cell(lead + $0.what.printable, TextLayout.width).trimmed
        }
    }

    /// - Parameter id: `detection/17`, `gate/3`, or `run/12` for the last trial of a run.
    /// - Throws: `ExplanationError`, `StoreError`.
    public func explain(_ id: String) async throws -> Explanation {
        let parts = id.split(separator: "/")
        guard parts.count == 2, let number = Int64(parts[1]) else { throw ExplanationError.unreadable(id) }
        switch parts[0] {
        case "detection":
            guard let detection = try await store.detection(number) else {
                throw ExplanationError.unknown(id)
            }
            return try await explain(detection)
        case "gate":
            guard let gate = try await store.gate(number) else { throw ExplanationError.unknown(id) }
            return Explanation(gate)
        case "run":
            guard let gate = try await store.gate(ofRun: number) else { throw ExplanationError.unknown(id) }
            return Explanation(gate)
        default: throw ExplanationError.unreadable(id)
        }
    }

    private func explain(_ detection: Detection) async throws -> Explanation {
        let version = detection.modelVersion
        guard let promotion = try await store.promotion(ofVersion: version, at: detection.at),
            let stored = try await store.version(version)
        else { throw ExplanationError.unknown("detection/\(detection.id ?? 0)") }
        var rows: [Observation] = []
        while true {
            let page = try await store.scoredRows(
                modelVersion: version, since: promotion.at, after: rows.last?.exampleID ?? 0, limit: 20_000)
            rows += page.map { Observation($0, apart: configuration.watching.apart) }
            guard let last = rows.last, !page.isEmpty, last.exampleID < detection.exampleID ?? 0 else {
                break
            }
        }
        return Explanation(
            detection, rows: rows, reference: try VersionNotes(stored).reference,
            settings: DriftWatch.Settings(
                configuration.watching, labelsPerDay: try await store.labelsPerDay(at: promotion.at)),
            since: promotion.at)
    }
}
