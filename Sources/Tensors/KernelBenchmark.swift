import Glibc

/// How fast this machine multiplies: what `hone bench kernels` prints.
public enum KernelBenchmark {
    public struct Result: Sendable {
        /// Which kernels ran: `portable`, `avx2` or `avx512`.
        public let kernels: String
        public let threads: Int
        /// y [m, n] = x [m, k] · w [n, k]ᵀ
        public let m: Int
        public let k: Int
        public let n: Int
        /// Billions of additions and multiplications a second, weights packed beforehand as in serving.
        public let packedGFLOPs: Double
        /// The same, weights packed in each call as in training.
        public let unpackedGFLOPs: Double
    }

    /// Runs the product for about `seconds` in each form and reports the fastest round.
    public static func run(m: Int, k: Int, n: Int, seconds: Double, pool: ThreadPool = .shared) -> Result {
        var random = Philox(seed: 1, stream: 0)
        func normal(_ rows: Int, _ columns: Int) -> Matrix {
            Matrix(
                rows: rows, columns: columns,
                values: (0..<rows * columns).map { _ in Float(random.nextNormal()) })
        }
        let (x, w) = (normal(m, k), normal(n, k))
        let packed = PackedWeights(w, bias: nil)
        let operations = 2 * Double(m) * Double(k) * Double(n)
        return Result(
            kernels: kernelName, threads: pool.threads, m: m, k: k, n: n,
            packedGFLOPs: best(seconds, operations) { _ = packed.apply(to: x, pool: pool) },
            unpackedGFLOPs: best(seconds, operations) { _ = x.times(transposeOf: w, bias: nil, pool: pool) })
    }

    /// Best of at least three rounds.
    private static func best(_ seconds: Double, _ operations: Double, _ call: () -> Void) -> Double {
        call()
        let start = now()
        call()
        let repeats = max(1, Int(min(0.2, seconds / 5) / max(1e-9, now() - start)))
        var best = 0.0
        let end = now() + seconds
        var rounds = 0
        while rounds < 3 || now() < end {
            let start = now()
            for _ in 0..<repeats { call() }
            best = max(best, operations * Double(repeats) / (now() - start) / 1e9)
            rounds += 1
        }
        return best
    }

    private static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
