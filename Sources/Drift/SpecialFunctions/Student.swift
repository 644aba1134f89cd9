/// P(T ≥ t) of Student's variable with the given degrees of freedom, which need not be whole.
///
/// For t ≥ 0 it is ½ I_x(ν/2, ½) at x = ν/(ν + t²), [DLMF 8.17](https://dlmf.nist.gov/8.17).
package func studentSurvival(_ t: Double, degreesOfFreedom: Double) -> Double {
    let tail = regularizedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2
    return t >= 0 ? tail : 1 - tail
}
