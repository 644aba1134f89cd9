import Glibc

/// ln Γ(x) for x > 0.
func logGamma(_ x: Double) -> Double { lgamma(x).0 }

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), for a, b > 0.
func logBeta(_ a: Double, _ b: Double) -> Double { logGamma(a) + logGamma(b) - logGamma(a + b) }

/// The upper regularised incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), in 0…1.
///
/// The power series where x < a + 1 and the continued fraction elsewhere, as in
/// [DLMF 8.7 and 8.9](https://dlmf.nist.gov/8).
package func regularizedGammaQ(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0, "Q(a, x) needs a > 0 and x ≥ 0, not a = \(a) and x = \(x)")
    guard x > 0 else { return 1 }
    guard x.isFinite else { return 0 }
    let front = exp(a * log(x) - x - logGamma(a))
    if x < a + 1 {
        var term = 1 / a
        var sum = term
        var n = a
        while abs(term) > abs(sum) * 1e-16 {
            n += 1
            term *= x / n
            sum += term
        }
        return max(0, 1 - front * sum)
    }
    let fraction = continuedFraction { step in
        step == 0
            ? (1, x + 1 - a)
            : (-Double(step) * (Double(step) - a), x + 2 * Double(step) + 1 - a)
    }
    return min(1, front * fraction)
}

/// P(X ≥ x) of a chi-squared variable with the given degrees of freedom.
func chiSquaredSurvival(_ x: Double, degreesOfFreedom: Int) -> Double {
    regularizedGammaQ(Double(degreesOfFreedom) / 2, x / 2)
}

/// The value of a₀/(b₀ + a₁/(b₁ + a₂/(b₂ + …))) by the modified Lentz algorithm
/// ([Thompson and Barnett 1986](https://doi.org/10.1016/0021-9991(86)90046-X)).
///
/// - Parameter coefficients: (aₙ, bₙ) at step n, counted from 0.
func continuedFraction(_ coefficients: (_ step: Int) -> (a: Double, b: Double)) -> Double {
    let tiny = 1e-300
    func kept(_ x: Double) -> Double { abs(x) < tiny ? tiny : x }
    let first = coefficients(0)
    var d = 1 / kept(first.b)
    var c = 1 / tiny
    var value = first.a * d
    for step in 1..<20_000 {
        let (a, b) = coefficients(step)
        d = 1 / kept(b + a * d)
        c = kept(b + a / c)
        let factor = c * d
        value *= factor
        if abs(factor - 1) < 1e-15 { break }
    }
    return value
}
