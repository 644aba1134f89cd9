import Foundation
import Tensors

/// The matrix product's speed over the shapes of a small BERT.
public struct KernelsBenchmark: Codable, Sendable, Equatable {
    public struct Product: Codable, Sendable, Equatable {
        public var rows: Int
        public var depth: Int
        public var columns: Int
        public var gigaflops: Double
    }

    public var threads: Int
    public var kernels: String
    public var products: [Product]

    public init(rounds: Int) {
        let clock = ContinuousClock()
        products = [(16, 384, 384), (32, 384, 1_536), (128, 384, 1_152), (512, 1_536, 384)].map { m, k, n in
            let values = (0..<max(m, n) * k).map { Float($0 % 13) / 13 - 0.5 }
            let x = Matrix(rows: m, columns: k, values: values.prefix(m * k))
            let w = PackedWeights(Matrix(rows: n, columns: k, values: values.prefix(n * k)), bias: nil)
            let flops = 2 * Double(m * k * n)
            let repeats = max(1, Int(2e8 / flops))
            let best =
                (0..<rounds).map { _ in
                    clock.measure { for _ in 0..<repeats { _ = w.apply(to: x) } } / .seconds(1)
                        / Double(repeats)
                }.min() ?? .infinity
            return Product(rows: m, depth: k, columns: n, gigaflops: flops / best / 1e9)
        }
        threads = ThreadPool.shared.threads
        kernels = kernelName
    }
}
