import Drift
package import Foundation
package import Store

extension Explanation {
    /// Lets a watch see the rows of a version once more, up to the one that tipped the detector.
    ///
    /// - Parameters:
    ///   - rows: what the version answered since its promotion, in the order of arrival.
    ///   - settings: what the watch held to; those of the detection where it wrote them down.
    package init(
        _ detection: Detection, rows: [Observation], reference: Reference, settings: DriftWatch.Settings,
        since promotion: Date
    ) {
        let noted = DriftWatch.Settings(figures: detection.figures)
        let used = noted ?? settings
        var watch = DriftWatch(version: detection.modelVersion, reference: reference, settings: used)
        var found: DriftWatch.Event?
        for row in rows.prefix(while: { $0.exampleID <= detection.exampleID ?? 0 }) {
            let events = watch.observe(row)
            guard row.exampleID == detection.exampleID else { continue }
            found = events.first {
                $0.detector == detection.detector && ($0.verdict == .drift) == (detection.verdict == "drift")
            }
        }
        var figures = [
            Figure("evidence", detection.evidence, found?.evidence),
            Figure("threshold", detection.threshold, found?.threshold),
        ]
        if let began = detection.changeBeganAt {
            figures.append(
                Figure("change began, s since 1970", seconds(began), found?.changeBeganAt.map(seconds)))
        }
        if noted != nil {
            let then = detection.figures
            figures += [
                Figure("promised error", then["promisedError"], watch.baseline.bound),
                Figure("labels", then["labels"], Double(watch.count)),
                Figure("newest rows right", then["windowAccuracy"], watch.windowAccuracy),
            ]
        }
        // Rows that retention let go of make the replay another one.
        let isWhole = noted == nil || (detection.figures["labels"] ?? 0) <= Double(watch.count)
        let isSame = found != nil && figures.allSatisfy(\.isSame)
        self.init(
            id: "detection/\(detection.id ?? 0)", at: detection.at,
            sentence: "\(detection.detector): \(detection.verdict) of version \(detection.modelVersion).",
            inputs: [
                "\(counted(watch.count, "labelled row")) that it answered from \(moment(promotion)) UTC up to row "
                    + "\(detection.exampleID ?? 0).",
                "Its promise: \(grouped(reference.errors)) mistakes on \(counted(reference.count, "row")) of its "
                    + "\(reference.source), tolerance \(percent(used.tolerance)).",
                "A false alarm in \(counted(Int(used.averageRunLength.rounded()), "label")) at most, on average; "
                    + "ADWIN's δ \(used.adwinDelta); settings "
                    + (noted == nil ? "of the present configuration." : "of that time."),
            ],
            figures: figures, isSame: isWhole ? isSame : nil,
            outcome: Self.outcome(isSame: isSame, isWhole: isWhole, hasSettings: noted != nil))
    }

    private static func outcome(isSame: Bool, isWhole: Bool, hasSettings: Bool) -> String {
        guard isWhole else {
            return "Not all rows are there any more (retention.outcomes), so that it cannot be replayed."
        }
        if isSame { return "Replayed from the stored rows: the same verdict, number for number." }
        return "Replayed from the stored rows it comes out otherwise, as marked above"
            + (hasSettings
                ? ": the rows or the detector changed since."
                : ": it was written by an older Hone, without its settings, and those changed.")
    }
}

/// To the millisecond, as the store keeps times.
private func seconds(_ date: Date) -> Double {
    (date.timeIntervalSince1970 * 1_000).rounded() / 1_000
}

extension Detection {
    /// What was written down beside it.
    fileprivate var figures: [String: Double] {
        (try? JSONDecoder().decode([String: Double].self, from: Data(details.utf8))) ?? [:]
    }
}

extension DriftWatch.Settings {
    /// What a replay needs, by name.
    var figures: [String: Double] {
        [
            "window": Double(window), "tolerance": tolerance, "averageRunLength": averageRunLength,
            "adwinDelta": adwinDelta,
        ]
    }

    /// Nil where one of them is missing.
    fileprivate init?(figures: [String: Double]) {
        guard let window = figures["window"], let tolerance = figures["tolerance"],
            let averageRunLength = figures["averageRunLength"], let adwinDelta = figures["adwinDelta"]
        else { return nil }
        self.init(
            window: Int(window), tolerance: tolerance, averageRunLength: averageRunLength,
            adwinDelta: adwinDelta)
    }
}
