import Drift
package import Foundation

/// Answers to clients that nobody has labelled, and what they are read by.
package struct LabelFreeFacts: Sendable {
    package var labels: [String]
    /// Probabilities in the order of the labels, one row an answer.
    package var probabilities: [[Double]]
    package var since: Date
    package var sketch: ReferenceSketch
    /// The accuracy on the rows that judged the version.
    package var promised: Double?

    package init(
        labels: [String], probabilities: [[Double]], since: Date, sketch: ReferenceSketch, promised: Double?
    ) {
        self.labels = labels
        self.probabilities = probabilities
        self.since = since
        self.sketch = sketch
        self.promised = promised
    }
}

extension LabelFreeReport {
    /// Fewer answers say nothing.
    private static let fewestRows = 30
    /// Of expectation maximisation: with classes that are hard to tell apart it creeps, and the last
    /// digits are not worth the reader's wait.
    private static let mostIterations = 500
    /// How far below the promise the band must lie before labels are asked for, a share.
    private static let margin = 0.03

    /// Nil with too few answers, or where the version was judged on too few rows to calibrate by.
    package init?(_ facts: LabelFreeFacts) {
        let k = facts.labels.count
        let rows = facts.probabilities.filter { $0.count == k && $0.allSatisfy(\.isFinite) }
        let (sketch, confusion) = (facts.sketch, facts.sketch.confusion(classCount: k))
        guard rows.count >= Self.fewestRows, sketch.count >= Self.fewestRows else { return nil }
        let calibrated = rows.map { temperatureScaled($0, by: sketch.temperature) }
        guard let estimate = ConfidenceBasedEstimate(of: calibrated) else { return nil }
        let (band, f1Band) = (
            estimate.accuracyBand(confidence: 0.95), estimate.macroF1Band(confidence: 0.95)
        )
        let before = confusion.counts.map { Double($0.reduce(0, +)) / Double(confusion.total) }
        var predicted = [Int](repeating: 0, count: k)
        var cells = PredictionCells(classCount: k)
        for row in rows {
            predicted[row.indices.max { row[$0] < row[$1] } ?? 0] += 1
            cells.add(row)
        }
        let likely = estimatePriors(
            of: calibrated, trainingShares: before, maximumIterations: Self.mostIterations)
        let blackBox = BlackBoxShift(validation: confusion, predicted: predicted)
        self.init(
            count: rows.count, since: facts.since, accuracy: estimate.accuracy, lower: band.lowerBound,
            upper: band.upperBound, macroF1: estimate.macroF1, macroF1Lower: f1Band.lowerBound,
            macroF1Upper: f1Band.upperBound, temperature: sketch.temperature, promised: facts.promised,
            classes: facts.labels.indices.map {
                ClassShare(
                    label: facts.labels[$0], before: before[$0],
                    predicted: Double(predicted[$0]) / Double(rows.count), likely: likely?.shares[$0],
                    blackBox: blackBox?.estimate.shares[$0])
            },
            labelShiftFitPValue: labelShiftFit(current: cells, reference: sketch.cells(classCount: k))?.fit
                .pValue,
            sentence: Self.sentence(estimate, band, promised: facts.promised),
            caveat: ConfidenceBasedEstimate.caveat)
    }

    private static func sentence(
        _ estimate: ConfidenceBasedEstimate, _ band: ClosedRange<Double>, promised: Double?
    ) -> String {
        let figures =
            "Of the \(counted(estimate.count, "newest answer")) about \(percent(estimate.accuracy)) should be right, "
            + "\(percent(band.lowerBound)) to \(percent(band.upperBound))"
        guard let promised else { return figures + "." }
        let judged = "; it was \(percent(promised)) when the version was judged."
        return figures + judged
            + (band.upperBound < promised - margin ? " Labels of a random sample would settle it." : "")
    }
}

extension ReferenceSketch {
    /// The confusion matrix of the rows that are kept.
    func confusion(classCount: Int) -> ConfusionMatrix {
        var matrix = ConfusionMatrix(classCount: classCount)
        for (truth, prediction) in zip(truths, predictions)
        where truth < classCount && prediction < classCount {
            matrix.add(truth: truth, prediction: prediction)
        }
        return matrix
    }

    /// Cells of the rows of each true class.
    func cells(classCount: Int) -> [PredictionCells] {
        var cells = Array(repeating: PredictionCells(classCount: classCount), count: classCount)
        for row in truths.indices where truths[row] < classCount && predictions[row] < classCount {
            cells[truths[row]].add(prediction: predictions[row], confidence: confidences[row])
        }
        return cells
    }
}
