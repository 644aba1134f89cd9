import Corpus
import Foundation
import Transformers

/// The `README.md` of an exported version: where it came from and what it was worth, in the form that the
/// Hugging Face Hub reads. Only what was measured stands in it.
///
/// Source: <https://huggingface.co/docs/hub/model-cards>.
struct ModelCard: Sendable {
    var name: String
    var format = ExportFormat.huggingface
    var summary: ModelSummary
    /// The verdict that let it in, where it was judged.
    var verdict: TrialVerdict?
    var lineage: Lineage?
    /// When it became live, oldest first.
    var promotions: [ReportPromotion] = []

    /// What a trained version was made of.
    struct Lineage: Sendable {
        var trigger: String
        var requestedBy: String
        var snapshotHash: String
        var trainingRows: Int
        var developmentRows: Int
        var arguments: String
        var provenance: Provenance?
    }

    var markdown: String {
        [
            frontMatter, heading, figures, verdictTable, training, history,
            """
            ## How to use

            ```python
            \(usage)
            ```

            No licence is stated here: that of the base model and of the data holds.
            """,
        ].compactMap { $0 }.joined(separator: "\n\n") + "\n"
    }

    private var usage: String {
        switch format {
        case .huggingface:
            """
            from transformers import pipeline
            pipeline("\(pipeline)", model="path/to/this/folder")("a text")
            """
        case .onnx:
            """
            from onnxruntime import InferenceSession
            from transformers import AutoTokenizer
            tokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")
            session = InferenceSession("path/to/this/folder/model.onnx")
            batch = tokenizer(["a text"], padding=True, truncation=True, return_tensors="np")
            session.run(None, {port.name: batch[port.name] for port in session.get_inputs()})
            """
        }
    }

    private var frontMatter: String {
        var lines = [
            "---", "library_name: transformers", "pipeline_tag: \(pipeline)", "tags:", "- hone",
        ]
        if format == .onnx { lines.append("- onnx") }
        let results = measured
        if !results.isEmpty {
            lines += ["model-index:", "- name: \(quoted("\(name)-v\(summary.version)"))", "  results:"]
            for result in results {
                lines += [
                    "  - task:", "      type: \(pipeline)", "    dataset:",
                    "      name: \(quoted(result.rows))", "      type: private", "    metrics:",
                    "    - type: accuracy", "      value: \(decimals(result.accuracy, 4))",
                ]
            }
        }
        return (lines + ["---"]).joined(separator: "\n")
    }

    private var measured: [(rows: String, accuracy: Double)] {
        var results: [(String, Double)] = []
        if let accuracy = summary.accuracy {
            results.append(("the rows that judged it", accuracy))
        }
        if let accuracy = summary.anchorAccuracy { results.append(("the anchor", accuracy)) }
        return results
    }

    private var heading: String {
        let origin =
            summary.parent.map { "trained by Hone from version \($0)" } ?? "imported into Hone"
        let note = summary.note.map { " \($0.printable.asSentence)" } ?? ""
        return """
            # \(name.printable), version \(summary.version)

            \(kind), \
            \(origin) on \(moment(summary.createdAt)) UTC.\(note)
            """
    }

    /// What it is, in a few words.
    private var kind: String {
        let labels = summary.labels.map { "`\($0.printable)`" }.joined(separator: ", ")
        if task == .textClassification { return "A text classifier for \(labels)" }
        return "A model for \(task.rawValue)" + (labels.isEmpty ? "" : " with the outputs \(labels)")
    }

    private var task: TaskKind { summary.task.flatMap(TaskKind.init) ?? .textClassification }

    /// What Hugging Face calls what it does: several labels and scores are classification there.
    private var pipeline: String {
        (task == .multiLabelClassification || task == .scoring ? .textClassification : task).rawValue
    }

    private var figures: String {
        var rows = ["| | |", "|---|---|"]
        func add(_ name: String, _ value: String?) { if let value { rows.append("| \(name) | \(value) |") } }
        add(
            "\(task.rowScore) when judged",
            summary.accuracy.map {
                percent($0) + (summary.judgedOn.map { " of \(counted($0, "row"))" } ?? "")
            })
        add("\(task.rowScore) on the anchor", summary.anchorAccuracy.map { percent($0) })
        if let headline = summary.headline {
            add("\(headline.name) when judged", headline.written(headline.value))
            add("\(headline.name) on the anchor", headline.anchor.map(headline.written))
        }
        add(
            "trained on",
            summary.trainingRows.map {
                counted($0, "row") + (summary.replayedRows.map { ", \(grouped($0)) of them replayed" } ?? "")
            })
        add("weights, SHA-256", "`\(summary.checksum)`")
        return "## Figures\n\n" + rows.joined(separator: "\n")
    }

    private var verdictTable: String? {
        guard let verdict else { return nil }
        let rows = verdict.checks.map {
            "| \($0.name.printable) | \($0.outcome.rawValue) | \(cell($0.statement)) |"
        }
        return """
            ## What the gate found

            \(verdict.sentence.printable.asSentence)

            | check | outcome | finding |
            |---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    private var training: String? {
        guard let lineage else { return nil }
        let machine = lineage.provenance.map {
            "Hone \($0.hone), kernels `\($0.kernels)`, products in \($0.precision)"
                + ($0.processor.map { ", on \($0.printable)" } ?? "")
        }
        return """
            ## How it was trained

            Set off by *\(lineage.trigger.printable)*, asked for by \(lineage.requestedBy.printable). \
            \(counted(lineage.trainingRows, "training row")) and \
            \(counted(lineage.developmentRows, "development row")), whose content hashes have the SHA-256 \
            `\(lineage.snapshotHash)`.\(machine.map { " " + $0 + "." } ?? "") \
            `hone reproduce \(summary.version)` trains it again.

            ```json
            \(lineage.arguments)
            ```
            """
    }

    private var history: String? {
        guard !promotions.isEmpty else { return nil }
        let rows = promotions.map {
            "| \(moment($0.at)) | \($0.kind) | \($0.actor.printable) | \(cell($0.reason)) |"
        }
        return """
            ## When it became live

            | UTC | how | by | why |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }

    private func cell(_ text: String) -> String { text.printable.replacing("|", with: "\\|") }

    private func quoted(_ text: String) -> String {
        "\"" + text.printable.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
