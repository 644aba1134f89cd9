/// The smallest singular value of a square matrix, by Jacobi's rotations of its columns.
///
/// One-sided: columns are turned until they are orthogonal; their lengths are the singular values.
/// For the few classes of a confusion matrix.
///
/// Source: Hestenes, [doi:10.1137/0106005](https://doi.org/10.1137/0106005).
package func smallestSingularValue(of matrix: [[Double]]) -> Double {
    let n = matrix.count
    precondition(n > 0 && matrix.allSatisfy { $0.count == n }, "a matrix of \(n) rows must be square")
    var columns = (0..<n).map { j in matrix.map { $0[j] } }
    func dot(_ a: Int, _ b: Int) -> Double { zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 * $1.1 } }
    for _ in 0..<60 {
        var turned = false
        for a in 0..<n {
            for b in a + 1..<n {
                let (alpha, beta, gamma) = (dot(a, a), dot(b, b), dot(a, b))
                guard abs(gamma) > 1e-15 * (alpha * beta).squareRoot(), gamma != 0 else { continue }
                turned = true
                let zeta = (beta - alpha) / (2 * gamma)
                let t = (zeta >= 0 ? 1.0 : -1.0) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
                let cosine = 1 / (1 + t * t).squareRoot()
                for i in 0..<n {
                    let (x, y) = (columns[a][i], columns[b][i])
                    columns[a][i] = cosine * (x - t * y)
                    columns[b][i] = cosine * (t * x + y)
                }
            }
        }
        if !turned { break }
    }
    return (0..<n).map { dot($0, $0).squareRoot() }.min() ?? 0
}

/// x with A x = b by elimination with row exchanges; nil where A is singular.
func solve(_ a: [[Double]], _ b: [Double]) -> [Double]? {
    let n = b.count
    var rows = zip(a, b).map { $0 + [$1] }
    for column in 0..<n {
        guard let pivot = (column..<n).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
            abs(rows[pivot][column]) > 1e-300
        else { return nil }
        rows.swapAt(column, pivot)
        for row in column + 1..<n {
            let factor = rows[row][column] / rows[column][column]
            for place in column...n { rows[row][place] -= factor * rows[column][place] }
        }
    }
    var x = [Double](repeating: 0, count: n)
    for row in (0..<n).reversed() {
        let known = (row + 1..<n).reduce(0) { $0 + rows[row][$1] * x[$1] }
        x[row] = (rows[row][n] - known) / rows[row][row]
    }
    return x
}
