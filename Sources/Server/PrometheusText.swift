import FoundationEssentials
package import Honing

/// The state of the loop in Prometheus' text format, rendered from the same snapshot that
/// `hone status` shows. Every metric name of the project stands in this file.
package func prometheusText(_ status: Status, _ serving: ServingStatistics.Snapshot) -> String {
    var text = PrometheusWriter()
    text.counter("honed_requests_total", "Requests that were answered.", serving.requests)
    text.counter(
        "honed_requests_failed_total", "Requests that failed through a fault of the daemon.", serving.failed)
    text.counter(
        "honed_requests_refused_total",
        "Requests that were turned away: a full or slow queue.",
        serving.refused)
    text.counter("honed_texts_total", "Texts that were predicted.", serving.texts)
    text.counter("honed_tokens_total", "Tokens of those texts.", serving.tokens)
    text.counter("honed_batches_total", "Batches that the model ran.", serving.batches)
    text.counter("honed_batch_tokens_total", "Tokens of those batches.", serving.batchTokens)
    text.gauge("honed_queue_texts", "Texts of clients that wait now.", Double(status.serving.queueDepth))
    text.histogram("honed_request_duration_seconds", "From the request to its answer.", serving.total)
    text.histogram("honed_tokenize_duration_seconds", "Tokenization.", serving.tokenize)
    text.histogram("honed_queue_duration_seconds", "Waiting for the model.", serving.queue)
    text.histogram("honed_inference_duration_seconds", "The batch's run through the model.", serving.infer)
    if let model = status.model {
        text.gauge(
            "honed_model_info", "The live version.", 1,
            labels: [
                ("name", model.name), ("model_version", "\(model.version)"), ("checksum", model.checksum),
            ])
        text.gauge("honed_model_version", "The number of the live version.", Double(model.version))
        text.gauge(
            "honed_model_promoted_timestamp_seconds", "When it became live.",
            model.promotedAt.timeIntervalSince1970)
    }
    text.gauge("honed_labels", "Labelled rows since promotion.", Double(status.accuracy?.count ?? 0))
    // A share of nothing is no figure, and 0 would look like the worst one.
    if let accuracy = status.accuracy, accuracy.count > 0 {
        text.gauge("honed_accuracy", "Share of right answers since promotion.", accuracy.estimate)
        text.gauge("honed_accuracy_lower", "Its anytime-valid 95 % lower bound.", accuracy.lower)
        text.gauge("honed_accuracy_upper", "Its anytime-valid 95 % upper bound.", accuracy.upper)
        if let window = accuracy.window {
            text.gauge("honed_window_accuracy", "Share of right answers in the newest rows.", window.accuracy)
            text.optional("honed_window_macro_f1", "Macro-F1 of the newest rows.", window.macroF1)
            text.optional("honed_window_log_loss", "Log-loss of the newest rows, in nats.", window.logLoss)
            text.optional(
                "honed_window_calibration_error", "Expected calibration error of the newest rows.",
                window.calibrationError)
        }
    }
    if let baseline = status.accuracy?.baseline {
        text.gauge("honed_promised_error", "The error rate that counts as a broken promise.", baseline.upper)
    }
    if let evidence = status.evidence {
        text.gauge(
            "honed_drift_evidence_log10", "Evidence against the promise, log10 of the e-value.",
            evidence.logEvidence)
        text.gauge("honed_drift_threshold_log10", "Where it becomes an alarm.", evidence.logThreshold)
    }
    if let rollout = status.rollout {
        text.gauge(
            "honed_rollout_active", "1 while two versions are compared, 0 after.",
            rollout.outcome == nil ? 1 : 0,
            labels: [
                ("stage", rollout.stage), ("model_version", "\(rollout.version)"),
                ("against", "\(rollout.against)"),
            ])
        text.gauge(
            "honed_rollout_harm_log10", "Evidence that the new version does harm, log10 of the e-value.",
            rollout.logEvidence)
        text.gauge(
            "honed_rollout_difference", "Its rise in accuracy over the old one on the same rows.",
            rollout.difference)
    }
    text.gauge("honed_alarm", "1 while the live version's alarm stands.", status.alarm == nil ? 0 : 1)
    text.family(
        "honed_input_psi", "Population stability index of inputs and outputs.", "gauge",
        status.inputs.map { ([("aspect", $0.name)], $0.psi) })
    text.gauge("honed_run_active", "1 while a run is under way.", status.run == nil ? 0 : 1)
    text.gauge("honed_run_progress", "How far it is, from 0 to 1.", status.run?.progress ?? 0)
    text.family(
        "honed_source_rows_total", "New rows of a source.", "counter",
        status.sources.map { ([("source", $0.name)], Double($0.rows)) })
    text.family(
        "honed_source_quarantined_total", "Rows of a source that could not be used.", "counter",
        status.sources.map { ([("source", $0.name)], Double($0.rejected)) })
    text.family(
        "honed_source_failures", "Fetches in a row that failed.", "gauge",
        status.sources.map { ([("source", $0.name)], Double($0.failures)) })
    text.family(
        "honed_alerts_waiting", "Messages to a channel that were not delivered yet.", "gauge",
        (status.alerts ?? []).map { ([("channel", $0.name)], Double($0.waiting)) })
    text.gauge("honed_database_bytes", "Size of the database.", Double(status.store.databaseBytes))
    text.gauge("honed_examples", "Labelled rows in the database.", Double(status.store.examples))
    return text.text
}

/// Writes the text exposition format, version 0.0.4.
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
struct PrometheusWriter {
    private(set) var text = ""

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        family(name, help, "counter", [([], Double(value))])
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Double, labels: [(String, String)] = []) {
        family(name, help, "gauge", [(labels, value)])
    }

    mutating func optional(_ name: String, _ help: String, _ value: Double?) {
        if let value { gauge(name, help, value) }
    }

    mutating func family(
        _ name: String, _ help: String, _ type: String, _ samples: [([(String, String)], Double)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in samples { sample(name, labels, value) }
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: LatencyHistogram) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        var total = 0
        // Every fourth bound: sixteen buckets are enough for a chart.
        for (index, bound) in LatencyHistogram.bounds.enumerated() {
            total += histogram.counts[index]
            if index % 4 == 3 { sample(name + "_bucket", [("le", "\(bound)")], Double(total)) }
        }
        sample(name + "_bucket", [("le", "+Inf")], Double(histogram.count))
        sample(name + "_sum", [], histogram.sum)
        sample(name + "_count", [], Double(histogram.count))
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let inside = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        text += name + (inside.isEmpty ? "" : "{\(inside)}") + " \(number)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
