/// How often each class was predicted where each class was true, and the scores that follow.
///
/// Scores are in 0…1 and follow scikit-learn's conventions: a class without predictions has
/// precision 0, and a score of no rows does not exist (nil).
public struct ConfusionMatrix: Sendable, Hashable, Codable {
    /// `counts[truth][prediction]`, k × k.
    public private(set) var counts: [[Int]]

    /// - Parameter classCount: k, the number of labels.
    public init(classCount: Int) {
        precondition(classCount > 0, "a confusion matrix needs at least one class")
        counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    }

    /// Counts one row by its true and predicted class indices.
    public mutating func add(truth: Int, prediction: Int) {
        add(truth: truth, prediction: prediction, rows: 1)
    }

    mutating func add(truth: Int, prediction: Int, rows: Int) {
        precondition(
            counts.indices.contains(truth) && counts.indices.contains(prediction),
            "class \(truth) predicted as \(prediction) in a matrix of \(counts.count) classes")
        counts[truth][prediction] += rows
    }

    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// Rows predicted as what they are.
    public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

    public var errors: Int { total - correct }

    /// correct / total.
    public var accuracy: Double? { total == 0 ? nil : Double(correct) / Double(total) }

    /// The scores of each class, in label order.
    public var classScores: [ClassScores] {
        counts.indices.map { index in
            ClassScores(
                truePositives: counts[index][index],
                support: counts[index].reduce(0, +),
                predicted: counts.reduce(0) { $0 + $1[index] })
        }
    }

    /// The mean recall of the classes that occur; equal to `balanced_accuracy_score`.
    public var balancedAccuracy: Double? {
        mean(classScores.filter { $0.support > 0 }.map(\.recall))
    }

    /// The mean F1 of the classes that occur as truth or prediction; equal to `f1_score(average="macro")`.
    public var macroF1: Double? {
        mean(classScores.filter { $0.support + $0.predicted > 0 }.map(\.f1))
    }
}

/// The scores of one class against all others, each in 0…1.
public struct ClassScores: Sendable, Hashable, Codable {
    /// Rows of the class that were predicted as it.
    public let truePositives: Int
    /// Rows of the class.
    public let support: Int
    /// Rows predicted as the class.
    public let predicted: Int

    /// truePositives / predicted; 0 where nothing was predicted.
    public var precision: Double { ratio(truePositives, predicted) }
    /// truePositives / support; 0 where the class does not occur.
    public var recall: Double { ratio(truePositives, support) }
    /// The harmonic mean 2·TP / (support + predicted); 0 where both are 0.
    public var f1: Double { ratio(2 * truePositives, support + predicted) }

    private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}

func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
