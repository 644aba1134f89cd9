import Glibc
import Tensors

/// A matrix in double precision with every operation written as its formula: slow and obvious, the
/// oracle of this folder.
struct Grid {
    let rows: Int
    let columns: Int
    var values: [Double]

    init(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double) {
        self.rows = rows
        self.columns = columns
        values = (0..<rows * columns).map { element($0 / columns, $0 % columns) }
    }

    init(_ matrix: Matrix) {
        rows = matrix.rows
        columns = matrix.columns
        values = matrix.values.map(Double.init)
    }

    subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

    var transposed: Grid { Grid(columns, rows) { self[$1, $0] } }

    func map(_ f: (Double) -> Double) -> Grid { Grid(rows, columns) { f(self[$0, $1]) } }

    static func * (a: Grid, b: Grid) -> Grid {
        Grid(a.rows, b.columns) { i, j in (0..<a.columns).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
    }

    static func + (a: Grid, b: Grid) -> Grid {
        Grid(a.rows, a.columns) { a[$0, $1] + b[b.rows == 1 ? 0 : $0, $1] }
    }

    /// Σ of the products of elements at the same place.
    func dot(_ other: Grid) -> Double { zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 } }

    func copy(rows range: Range<Int>, columns part: Range<Int>) -> Grid {
        Grid(range.count, part.count) { self[range.lowerBound + $0, part.lowerBound + $1] }
    }

    // MARK: The operations of a transformer

    func softmax() -> Grid {
        Grid(rows, columns) { i, j in
            let top = (0..<columns).map { self[i, $0] }.max()!
            return exp(self[i, j] - top) / (0..<columns).reduce(0) { $0 + exp(self[i, $1] - top) }
        }
    }

    func layerNorm(_ weight: Grid, _ bias: Grid, _ epsilon: Double) -> Grid {
        var y = self
        for i in 0..<rows {
            let row = (0..<columns).map { self[i, $0] }
            let mean = row.reduce(0, +) / Double(columns)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
            for j in 0..<columns {
                y.values[i * columns + j] =
                    weight[0, j] * (row[j] - mean) / (variance + epsilon).squareRoot() + bias[0, j]
            }
        }
        return y
    }

    /// x·Φ(x); erfc keeps the digits where Φ is tiny.
    static func gelu(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// Attention of ragged sequences; `mask(sequence, head)` multiplies the probabilities, and
    /// `bias[head, distance + columns/2]` is added to the scores.
    static func attention(
        _ q: Grid, _ k: Grid, _ v: Grid, heads: Int, offsets: [Int], isCausal: Bool, bias: Grid? = nil,
        mask: (Int, Int) -> Grid? = { _, _ in nil }
    ) -> Grid {
        var context = Grid(q.rows, q.columns) { _, _ in 0 }
        let size = q.columns / heads
        for s in 0..<offsets.count - 1 {
            for h in 0..<heads {
                let tokens = offsets[s]..<offsets[s + 1]
                let part = h * size..<(h + 1) * size
                let scores =
                    q.copy(rows: tokens, columns: part) * k.copy(rows: tokens, columns: part).transposed
                let seen = Grid(scores.rows, scores.columns) { i, j in
                    let added = bias.map { $0[h, j - i + $0.columns / 2] } ?? 0
                    return isCausal && j > i ? -.infinity : scores[i, j] / Double(size).squareRoot() + added
                }
                var p = seen.softmax()
                if let mask = mask(s, h) { p = Grid(p.rows, p.columns) { p[$0, $1] * mask[$0, $1] } }
                let c = p * v.copy(rows: tokens, columns: part)
                for i in 0..<c.rows {
                    for j in 0..<size {
                        context.values[(tokens.lowerBound + i) * q.columns + part.lowerBound + j] = c[i, j]
                    }
                }
            }
        }
        return context
    }

    // MARK: Derivatives

    /// ∂f/∂x by central differences; in double precision good to about nine digits.
    static func gradient(at x: Grid, of f: (Grid) -> Double) -> Grid {
        let step = 1e-5
        var gradient = x
        for i in x.values.indices {
            var (above, below) = (x, x)
            above.values[i] += step
            below.values[i] -= step
            gradient.values[i] = (f(above) - f(below)) / (2 * step)
        }
        return gradient
    }
}

/// The greatest difference between elements, relative to the greatest element (or to 1 if that is less).
func difference(_ matrix: Matrix, _ grid: Grid) -> Double {
    guard matrix.rows == grid.rows, matrix.columns == grid.columns else { return .infinity }
    let scale = max(1, grid.values.map(abs).max() ?? 1)
    return zip(matrix.values, grid.values).map { abs(Double($0) - $1) / scale }.reduce(0) {
        $0 >= $1 ? $0 : $1
    }
}

/// A matrix of normal numbers.
func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var philox = Philox(seed: seed, stream: 7)
    return Matrix(
        rows: rows, columns: columns, values: (0..<rows * columns).map { _ in Float(philox.nextNormal()) })
}

extension Matrix {
    /// Some rows as a matrix of their own.
    func part(_ range: Range<Int>) -> Matrix {
        Matrix(
            rows: range.count, columns: columns,
            values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
    }

    /// The matrix turned over.
    var turned: Matrix {
        let values = values
        return Matrix(
            rows: columns, columns: rows, values: (0..<count).map { values[$0 % rows * columns + $0 / rows] })
    }
}
