import Glibc

/// Φ(z): the probability that a standard normal variable is at most z.
func normalCDF(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

/// The z at which Φ(z) = probability, for a probability in (0, 1).
///
/// `normalQuantile(0.95)` is 1.645, the familiar factor of a one-sided 95 % bound.
package func normalQuantile(_ probability: Double) -> Double {
    precondition(
        probability > 0 && probability < 1,
        "a normal quantile needs a probability in (0, 1), not \(probability)")
    return root(in: -40...40) { normalCDF($0) < probability }
}

/// The factor by which a two-sided interval of the given confidence is wide: 1.96 at 0.95.
func twoSidedQuantile(confidence: Double) -> Double { normalQuantile((1 + confidence) / 2) }
