import Glibc

/// The values of a Gaussian kernel for all pairs of some rows.
///
///     k(x, y) = exp(−‖x − y‖² / 2σ²)
///
/// σ is the median distance between two different rows, so that half of the pairs count as near;
/// 1 where all rows are equal. Memory: n² floats.
struct KernelMatrix: Sendable {
    let count: Int
    /// σ, in the unit of the vectors.
    let bandwidth: Double
    /// Row-major, with ones on the diagonal.
    private let values: [Float]

    /// - Parameter bandwidth: σ; nil asks for the median.
    init(_ rows: [[Float]], bandwidth: Double? = nil) {
        count = rows.count
        var squares = [Float](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0..<i {
                let square = squaredDistance(rows[i], rows[j])
                squares[i * count + j] = square
                squares[j * count + i] = square
            }
        }
        let sigma = bandwidth ?? Self.medianDistance(squares, count)
        self.bandwidth = sigma
        let scale = Float(-1 / (2 * sigma * sigma))
        values = squares.map { expf($0 * scale) }
    }

    subscript(i: Int, j: Int) -> Double { Double(values[i * count + j]) }

    /// Σⱼ k(xᵢ, xⱼ) over all other rows j ≠ i, for each i.
    var rowSums: [Double] {
        (0..<count).map { i in
            values[i * count..<(i + 1) * count].reduce(into: -1.0) { $0 += Double($1) }
        }
    }

    /// Σ k(xᵢ, xⱼ) over i ≠ j of a set of rows; each pair counts twice.
    func sum(within rows: [Int]) -> Double {
        var sum = 0.0
        for (place, i) in rows.enumerated() {
            for j in rows[..<place] { sum += self[i, j] }
        }
        return 2 * sum
    }

    private static func medianDistance(_ squares: [Float], _ count: Int) -> Double {
        var pairs = [Float]()
        pairs.reserveCapacity(count * (count - 1) / 2)
        for i in 0..<count { pairs.append(contentsOf: squares[i * count..<i * count + i]) }
        guard !pairs.isEmpty else { return 1 }
        pairs.sort()
        let (low, high) = (pairs[(pairs.count - 1) / 2], pairs[pairs.count / 2])
        let median = (Double(low).squareRoot() + Double(high).squareRoot()) / 2
        return median > 0 ? median : 1
    }
}

/// ‖x − y‖².
func squaredDistance(_ x: [Float], _ y: [Float]) -> Float {
    precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) numbers have no distance")
    var sum: Float = 0
    for (a, b) in zip(x, y) { sum += (a - b) * (a - b) }
    return sum
}
