import Tensors

/// The matrix product's speed over the shapes of a small BERT, in every precision.
public struct KernelsBenchmark: Codable, Sendable, Equatable {
    public struct Product: Codable, Sendable, Equatable {
        public var precision: String
        public var rows: Int
        public var depth: Int
        public var columns: Int
        /// Billions of additions and multiplications a second; the best round.
        public var gigaflops: Double
    }

    public var threads: Int
    public var kernels: String
    public var products: [Product]

    private static let shapes = [(16, 384, 384), (32, 384, 1_536), (128, 384, 1_152), (512, 1_536, 384)]

    public init(rounds: Int) {
        products = Precision.allCases.flatMap { precision in
            Self.shapes.map { Self.product($0, precision, rounds: rounds) }
        }
        threads = ThreadPool.shared.threads
        kernels = kernelName
    }

    /// The fastest product of a precision, in GFLOP/s.
    static func peak(_ precision: Precision) -> Double {
        shapes.map { product($0, precision, rounds: 5).gigaflops }.max() ?? 0
    }

    private static func product(_ shape: (Int, Int, Int), _ precision: Precision, rounds: Int) -> Product {
        let (m, k, n) = shape
        let clock = ContinuousClock()
        let values = (0..<max(m, n) * k).map { Float($0 % 13) / 13 - 0.5 }
        let x = Activations(Matrix(rows: m, columns: k, values: values.prefix(m * k)), precision)
        let w = PackedWeights(
            Matrix(rows: n, columns: k, values: values.prefix(n * k)), bias: nil, precision)
        let flops = 2 * Double(m * k * n)
        let repeats = max(1, Int(5e8 / flops))
        let best =
            (0..<rounds).map { _ in
                clock.measure { for _ in 0..<repeats { _ = w.apply(to: x) } } / .seconds(1) / Double(repeats)
            }.min() ?? .infinity
        return Product(
            precision: precision.rawValue, rows: m, depth: k, columns: n, gigaflops: flops / best / 1e9)
    }
}
