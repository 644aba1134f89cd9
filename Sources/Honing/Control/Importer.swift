import Corpus
import Drift
import Foundation
import Logging
import Store
import Training
import Transformers

/// Takes a model folder, and the labelled rows that belong to it, into a registry.
///
/// A first model has no champion to be compared with. It must pass an absolute floor on its own
/// hold-out; nothing is waved through for want of evidence. Later imports wait in the registry
/// until somebody promotes them.
struct Importer: Sendable {
    let store: Database
    let promoter: Promoter
    let gate: PromotionPolicy
    /// The labels that the configuration asks for; `nil` where it takes any.
    let expected: [String]?

    func run(_ order: ImportOrder) async throws -> ImportReceipt {
        if order.promote, order.reason?.allSatisfy(\.isWhitespace) ?? true {
            throw ControlError.reasonMissing("--promote")
        }
        for name in Self.needed(in: order.folder) {
            guard FileManager.default.isReadableFile(atPath: "\(order.folder)/\(name)") else {
                throw ImportError.noModel(order.folder, file: name, user: ProcessInfo.processInfo.userName)
            }
        }
        // The number is only for telling models apart until the registry gives one.
        let candidate = try await promoter.load(challenger: order.folder, as: 0)
        guard let file = order.examples else { return try await take(candidate, order, []) }
        let rows = try LabelledRows(file: file, for: candidate.task)
        var receipt = try await take(candidate, order, rows.examples)
        if let first = rows.rejected.first {
            receipt.sentence +=
                " \(rows.rejected.count) rows of \(file) were left out; the first is line \(first.line): "
                + "\(first.reason)."
        }
        return receipt
    }

    /// Files without which a folder is no model; weights may be divided, and one that has only pickled
    /// weights is told so when it is opened.
    private static func needed(in folder: String) -> [String] {
        let others = [WeightFiles.index, "pytorch_model.bin", "pytorch_model.bin.index.json"]
        let other = others.first { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
        let isWhole = FileManager.default.fileExists(atPath: "\(folder)/\(WeightFiles.whole)")
        return ["config.json", isWhole ? WeightFiles.whole : other ?? WeightFiles.whole]
    }

    private func take(
        _ candidate: LiveModel, _ order: ImportOrder, _ examples: [Example]
    ) async throws -> ImportReceipt {
        let labels = candidate.labelNames
        if let expected, Set(expected) != Set(labels) {
            throw ImportError.otherLabels(labels, expected: expected)
        }
        try check(examples, of: candidate, order.examples ?? "")
        let stored = try await store.importExamples(examples, source: "import", at: Date())
        let holdout = examples.filter { Split.of(ContentHash(of: $0)) == .holdout }
        let (rows, headline) = try await promoter.observations(of: holdout, by: candidate)
        let reference = Reference(rows, labels: candidate.groups, source: "holdout")
        let accuracy = rows.isEmpty ? nil : 1 - Double(reference.errors) / Double(reference.count)
        let version = try await promoter.register(
            folder: order.folder,
            VersionOrigin(
                parent: nil, runID: nil, isTrained: false, task: candidate.task, labels: labels,
                arguments: "{}",
                note: order.reason ?? "imported by \(order.requestedBy)"),
            VersionNotes(
                reference: reference, accuracy: accuracy, anchorAccuracy: accuracy,
                headline: candidate.task.hasClasses ? nil : headline,
                anchorHeadline: candidate.task.hasClasses ? nil : headline))
        var receipt = ImportReceipt(
            version: version, examples: stored, holdout: rows.count, accuracy: accuracy, isLive: false,
            sentence: "Version \(version) is in the registry. "
                + "Put it through the gate with `hone promote \(version)`.")
        let isFirst = try await store.livePromotion() == nil
        guard isFirst || order.promote else { return receipt }

        let model = try await promoter.load(version)
        let texts = holdout.isEmpty ? (labels.isEmpty ? ["golden"] : labels) : holdout.map(\.text)
        let verdict = gate.decide(
            TrialEvidence(
                purpose: .benefit, fresh: PairedOutcomes(), anchor: PairedOutcomes(),
                infrastructure: try await promoter.comparison(of: model, with: candidate, on: texts),
                floor: FloorFacts(
                    correct: rows.count - reference.errors, count: rows.count,
                    majorityShare: candidate.served.constantScore(over: holdout),
                    measure: candidate.task.hasClasses ? nil : candidate.task.rowScore), force: order.forced))
        guard verdict.isPromoted else {
            receipt.sentence =
                "Version \(version) is in the registry but not live; \(verdict.sentence). "
                + "To make it live all the same: `hone promote \(version) --force --reason …`."
            return receipt
        }
        try await promoter.promote(
            model,
            Promoter.Act(
                kind: verdict.kind == .forced ? .forced : .initial, reason: verdict.sentence,
                actor: order.requestedBy, verdict: try Retrainer.json(verdict)),
            reference: reference)
        receipt.isLive = true
        receipt.sentence = "Version \(version) is live; \(verdict.sentence)."
        return receipt
    }

    /// - Throws: `ImportError` at the first row that the model cannot be judged by.
    private func check(_ examples: [Example], of candidate: LiveModel, _ file: String) throws {
        let labels = candidate.labelNames
        for example in examples {
            if candidate.task.hasClasses, let label = example.label, !labels.contains(label) {
                throw ImportError.unknownLabel(label, known: labels, file: file)
            }
            if let reason = candidate.served.objection(to: example) {
                throw ImportError.otherRow(reason, text: example.text, file: file)
            }
        }
    }
}

extension ImportOrder {
    fileprivate var forced: ForcedPromotion? {
        promote ? ForcedPromotion(actor: requestedBy, reason: reason ?? "") : nil
    }
}

/// What an import did.
public struct ImportReceipt: Codable, Sendable, Equatable {
    public var version: Int
    /// How many rows were new to the store.
    public var examples: Int
    /// How many rows judged the model.
    public var holdout: Int
    public var accuracy: Double?
    public var isLive: Bool
    public var sentence: String
}

/// Why rows could not be imported with a model.
enum ImportError: Error, CustomStringConvertible {
    case noModel(String, file: String, user: String)
    case unknownLabel(String, known: [String], file: String)
    case otherLabels([String], expected: [String])
    case otherRow(String, text: String, file: String)

    var description: String {
        switch self {
        case .noModel(let folder, let file, let user):
            "\(folder) has no \(file) that user \(user) may read: name the folder of a Hugging Face model, such as "
                + "`hone train` writes, where the daemon can see it; as a service it sees neither home directories nor /tmp"
        case .unknownLabel(let label, let known, let file):
            "\(file) has the label \"\(label)\", which the model does not know: "
                + "it knows \(known.joined(separator: ", "))"
        case .otherRow(let reason, let text, let file):
            "\(file) has a row that the model cannot be judged by, \"\(text.prefix(60))\": \(reason)"
        case .otherLabels(let labels, let expected):
            "the model's labels are \(labels.joined(separator: ", ")), but model.labels in the configuration "
                + "asks for \(expected.joined(separator: ", ")): import another model, or change the setting"
        }
    }
}
