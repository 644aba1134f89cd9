import Tensors

/// How a sentence's tokens become one vector.
public enum Pooling: String, Sendable, Codable {
    /// The mean of all of them, as sentence encoders are trained.
    case mean
    /// The first one through a tanh layer, as BERT was.
    case cls
}

extension Matrix {
    /// The mean of each sequence's rows: [n, d] → [s, d].
    func meanPooled(_ offsets: [Int]) -> Matrix {
        let d = columns
        var result = Matrix(rows: offsets.count - 1, columns: d)
        unsafe result.withUnsafeMutable { out in
            unsafe withUnsafe { x in
                for s in 0..<offsets.count - 1 {
                    for token in offsets[s]..<offsets[s + 1] {
                        for c in 0..<d { unsafe out[s * d + c] += x[token * d + c] }
                    }
                    let scale = 1 / Float(max(1, offsets[s + 1] - offsets[s]))
                    for c in 0..<d { unsafe out[s * d + c] *= scale }
                }
            }
        }
        return result
    }

    /// Each token receives its share of its sequence's gradient: [s, d] → [n, d].
    func meanPooledBackward(_ offsets: [Int]) -> Matrix {
        let d = columns
        var result = Matrix(uninitializedRows: offsets.last ?? 0, columns: d)
        unsafe result.withUnsafeMutable { out in
            unsafe withUnsafe { dy in
                for s in 0..<offsets.count - 1 {
                    let scale = 1 / Float(max(1, offsets[s + 1] - offsets[s]))
                    for token in offsets[s]..<offsets[s + 1] {
                        for c in 0..<d { unsafe out[token * d + c] = dy[s * d + c] * scale }
                    }
                }
            }
        }
        return result
    }

    /// The first row of each sequence: [n, d] → [s, d].
    func firstRows(_ offsets: [Int]) -> Matrix {
        let d = columns
        var result = Matrix(uninitializedRows: offsets.count - 1, columns: d)
        unsafe result.withUnsafeMutable { out in
            unsafe withUnsafe { x in
                for s in 0..<offsets.count - 1 {
                    for c in 0..<d { unsafe out[s * d + c] = x[offsets[s] * d + c] }
                }
            }
        }
        return result
    }

    /// The gradient goes to the first row of each sequence, the others have none: [s, d] → [n, d].
    func firstRowsBackward(_ offsets: [Int]) -> Matrix {
        let d = columns
        var result = Matrix(rows: offsets.last ?? 0, columns: d)
        unsafe result.withUnsafeMutable { out in
            unsafe withUnsafe { dy in
                for s in 0..<offsets.count - 1 {
                    for c in 0..<d { unsafe out[offsets[s] * d + c] = dy[s * d + c] }
                }
            }
        }
        return result
    }
}
