import Glibc

/// A linear model of the odds of two classes, fitted with a ridge.
///
/// Minimises ½‖w‖² + C Σ ln(1 + exp(−yᵢ(w·xᵢ + b))) with y = ±1; the intercept b is not penalised.
/// Newton's method on a strictly convex loss: one minimum, found to 1e-10 in about eight steps.
/// Equal to scikit-learn's `LogisticRegression(C:)`. O(n d²) a step.
package struct LogisticRegression: Sendable, Hashable {
    package let weights: [Double]
    package let intercept: Double

    /// - Parameters:
    ///   - rows: n vectors of d numbers.
    ///   - inverseRidge: C, over 0; large values trust the rows more.
    package init(_ rows: [[Double]], isPositive: [Bool], inverseRidge: Double = 1) {
        precondition(rows.count == isPositive.count && !rows.isEmpty, "a regression needs labelled rows")
        precondition(inverseRidge > 0, "C must be positive, not \(inverseRidge)")
        let d = rows[0].count
        // The last coefficient belongs to a column of ones.
        var beta = [Double](repeating: 0, count: d + 1)
        func loss(_ beta: [Double]) -> Double {
            zip(rows, isPositive).reduce(beta[..<d].reduce(0) { $0 + $1 * $1 / 2 }) { sum, row in
                let margin = (row.1 ? 1 : -1) * Self.score(row.0, beta)
                return sum + inverseRidge * (margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin)
            }
        }
        var last = loss(beta)
        for _ in 0..<100 {
            var gradient = beta
            gradient[d] = 0
            var hessian = SymmetricMatrix(d + 1)
            for place in 0..<d { hessian[place, place] = 1 }
            for (row, isPositive) in zip(rows, isPositive) {
                let p = 1 / (1 + exp(-Self.score(row, beta)))
                let slope = inverseRidge * (p - (isPositive ? 1 : 0))
                let curve = inverseRidge * max(p * (1 - p), 1e-12)
                for i in 0...d {
                    let xi = i < d ? row[i] : 1
                    gradient[i] += slope * xi
                    for j in 0...i { hessian[i, j] += curve * xi * (j < d ? row[j] : 1) }
                }
            }
            let step = hessian.solve(gradient)
            // Halve a step that overshoots: far from the minimum Newton's may.
            var size = 1.0
            var next = beta
            repeat {
                next = zip(beta, step).map { $0 - size * $1 }
                size /= 2
            } while loss(next) > last + 1e-12 && size > 1e-6
            beta = next
            last = loss(beta)
            if step.allSatisfy({ abs($0) < 1e-10 }) { break }
        }
        weights = Array(beta[..<d])
        intercept = beta[d]
    }

    /// The log-odds of the positive class.
    package func score(_ row: [Double]) -> Double { Self.score(row, weights + [intercept]) }

    private static func score(_ row: [Double], _ beta: [Double]) -> Double {
        var sum = beta[row.count]
        for place in row.indices { sum += beta[place] * row[place] }
        return sum
    }
}

/// A symmetric positive definite matrix, of which the lower triangle is kept.
struct SymmetricMatrix: Sendable {
    let size: Int
    private var values: [Double]

    init(_ size: Int) {
        self.size = size
        values = Array(repeating: 0, count: size * size)
    }

    /// Row i, column j ≤ i.
    subscript(i: Int, j: Int) -> Double {
        get { values[i * size + j] }
        set { values[i * size + j] = newValue }
    }

    /// x with A x = b, by Cholesky's A = L Lᵀ.
    func solve(_ b: [Double]) -> [Double] {
        var l = self
        for i in 0..<size {
            for j in 0...i {
                var sum = l[i, j]
                for k in 0..<j { sum -= l[i, k] * l[j, k] }
                l[i, j] = i == j ? max(sum, 1e-300).squareRoot() : sum / l[j, j]
            }
        }
        var x = b
        for i in 0..<size {
            for k in 0..<i { x[i] -= l[i, k] * x[k] }
            x[i] /= l[i, i]
        }
        for i in (0..<size).reversed() {
            for k in i + 1..<size { x[i] -= l[k, i] * x[k] }
            x[i] /= l[i, i]
        }
        return x
    }
}
