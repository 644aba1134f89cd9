import Drift

/// A seeded stream of numbers, rebuilt from its description: the twin of `stream` in drift_detectors.py.
struct Stream: Decodable {
    enum Kind: String, Decodable {
        /// 1 with the part's probability, else 0.
        case coin
        /// The part's level plus uniform noise in [0, 1).
        case value
    }

    let seed: UInt64
    let kind: Kind
    /// [count, level] in turn.
    let parts: [[Double]]

    init(seed: UInt64, _ kind: Kind, _ parts: [Double]...) { self.init(seed: seed, kind, parts: parts) }

    init(seed: UInt64, _ kind: Kind, parts: [[Double]]) {
        (self.seed, self.kind, self.parts) = (seed, kind, parts)
    }

    /// A path beside which the fixtures lie, for suites in the folders below.
    static let file = #filePath

    var values: [Double] {
        var random = SplitMix64(seed: seed)
        return parts.flatMap { part in
            (0..<Int(part[0])).map { _ in
                let uniform = random.uniform()
                return kind == .coin ? (uniform < part[1] ? 1 : 0) : part[1] + uniform
            }
        }
    }
}

/// Whether two numbers agree to a relative or, near zero, absolute tolerance.
func isClose(_ one: Double, _ other: Double, _ tolerance: Double = 1e-12) -> Bool {
    one == other || abs(one - other) <= tolerance * max(1e-3, abs(one), abs(other))
}

func median(_ values: [Int]) -> Int { values.isEmpty ? .max : values.sorted()[values.count / 2] }

/// Uniform vectors, the first coordinate moved: the twin of `vectors` in drift_embeddings.py.
func vectors(seed: UInt64, _ count: Int, _ dimensions: Int, shift: Float = 0) -> [[Float]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
        (0..<dimensions).map { place in Float(random.uniform() + (place == 0 ? Double(shift) : 0)) }
    }
}
