import Glibc

/// P(K ≥ x) of Kolmogorov's limiting distribution: 2 Σ (−1)ʲ⁻¹ exp(−2 j² x²).
///
/// Below 1 the alternating series converges slowly, so the theta-function twin
/// 1 − √(2π)/x Σ exp(−(2j − 1)² π² / (8x²)) serves there.
package func kolmogorovSurvival(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    if x < 1 {
        let sum = (1...20).reduce(0.0) { sum, j in
            let odd = Double(2 * j - 1)
            return sum + exp(-odd * odd * .pi * .pi / (8 * x * x))
        }
        return min(1, max(0, 1 - (2 * Double.pi).squareRoot() / x * sum))
    }
    let sum = (1...20).reduce(0.0) { sum, j in
        let sign = j.isMultiple(of: 2) ? -1.0 : 1.0
        return sum + sign * exp(-2 * Double(j * j) * x * x)
    }
    return min(1, max(0, 2 * sum))
}
