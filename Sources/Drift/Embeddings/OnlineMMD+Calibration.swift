import Glibc

extension OnlineMMD {
    /// Thresholds for one reference, window and run time: made once at promotion, then stored.
    public struct Calibration: Sendable, Hashable, Codable {
        /// W: the newest rows that are compared.
        public let windowSize: Int
        /// ERT: the mean number of tests, one a row, until a false alarm.
        public let expectedRunTime: Int
        /// σ of the Gaussian kernel.
        public let bandwidth: Double
        /// One for each of the first W tests; the last serves ever after.
        public let thresholds: [Double]
        public let referenceCount: Int
        public let seed: UInt64

        /// Rows of the reference that play the stream in a bootstrap: 2W − 1.
        var heldOut: Int { 2 * windowSize - 1 }

        func kernel(_ x: [Float], _ y: [Float]) -> Double {
            exp(Double(squaredDistance(x, y)) / (-2 * bandwidth * bandwidth))
        }

        /// Finds the thresholds by letting the reference play its own stream.
        ///
        /// Each of the bootstraps draws 2W − 1 reference rows as a stream and keeps the rest as its
        /// reference, which gives W windows and as many values of MMD². The first threshold is the
        /// 1 − 1/ERT quantile of the first values; bootstraps above it are out, as a stream that
        /// alarmed would be; the second is that quantile of what is left, and so on.
        ///
        /// O(n² d + bootstraps · W²) time, n² floats and about 200 W² bytes of memory.
        ///
        /// - Parameters:
        ///   - reference: vectors of an unchanged stream, at least 3W of them; more are better.
        ///   - bootstraps: ten to a false alarm if nil, so that a threshold rests on ten of them.
        public init(
            reference: [[Float]], windowSize: Int, expectedRunTime: Int, bootstraps: Int? = nil,
            seed: UInt64
        ) {
            precondition(
                windowSize >= 2 && reference.count >= 3 * windowSize,
                "a window of \(windowSize) rows needs a reference of \(3 * windowSize), not \(reference.count)"
            )
            let bootstraps = bootstraps ?? 10 * expectedRunTime
            precondition(
                expectedRunTime >= 2 && bootstraps >= expectedRunTime,
                "a run time of \(expectedRunTime) rows needs as many bootstraps, not \(bootstraps)")
            let kernel = KernelMatrix(reference)
            self.windowSize = windowSize
            self.expectedRunTime = expectedRunTime
            bandwidth = kernel.bandwidth
            referenceCount = reference.count
            self.seed = seed
            var streams = BootstrapStreams(kernel, windowSize: windowSize)
            // Each of W steps drops one bootstrap in ERT, so only the largest values ever matter.
            let share = bootstraps / expectedRunTime + 2
            var top = (0..<windowSize).map { _ in LargestValues(limit: share * (windowSize + 1)) }
            var random = SplitMix64(seed: seed &+ 1)
            for bootstrap in 0..<bootstraps {
                let stream = random.sample(2 * windowSize - 1, of: reference.count)
                for (step, value) in streams.discrepancies(of: stream).enumerated() {
                    top[step].add(value, of: bootstrap)
                }
            }
            var out = Set<Int>()
            thresholds = top.map { values in
                let left = values.sorted.filter { !out.contains($0.bootstrap) }
                let place = Double(bootstraps - out.count - 1) / Double(expectedRunTime)
                let (above, below) = (left[Int(place)].value, left[Int(place) + 1].value)
                let threshold = above + (place - place.rounded(.down)) * (below - above)
                out.formUnion(left.prefix { $0.value > threshold }.map(\.bootstrap))
                return threshold
            }
        }
    }
}

/// MMD² of every window of a stream that is drawn from the reference, against the rest of it.
private struct BootstrapStreams {
    let kernel: KernelMatrix
    let windowSize: Int
    let rowSums: [Double]
    let total: Double

    init(_ kernel: KernelMatrix, windowSize: Int) {
        self.kernel = kernel
        self.windowSize = windowSize
        rowSums = kernel.rowSums
        total = rowSums.reduce(0, +)
    }

    mutating func discrepancies(of stream: [Int]) -> [Double] {
        let (w, m) = (Double(windowSize), Double(kernel.count - stream.count))
        // Sums over the other rows of the stream, for each of them.
        var inside = [Double](repeating: 0, count: stream.count)
        // The pairs by which two neighbouring windows differ: each row with the W − 1 before it.
        var before = [Double](repeating: 0, count: stream.count)
        var after = [Double](repeating: 0, count: stream.count)
        for i in stream.indices {
            for j in 0..<i {
                let value = kernel[stream[i], stream[j]]
                inside[i] += value
                inside[j] += value
                guard i - j < windowSize else { continue }
                before[i] += value
                after[j] += value
            }
        }
        let within = inside.reduce(0, +)
        let touching = stream.reduce(0) { $0 + rowSums[$1] }
        let rest = (total - 2 * touching + within) / (m * (m - 1))
        let across = stream.indices.map { rowSums[stream[$0]] - inside[$0] }
        var pairs = before[..<windowSize].reduce(0, +)
        var cross = across[..<windowSize].reduce(0, +)
        var values = [rest + 2 * pairs / (w * (w - 1)) - 2 * cross / (m * w)]
        for old in 0..<windowSize - 1 {
            pairs += before[old + windowSize] - after[old]
            cross += across[old + windowSize] - across[old]
            values.append(rest + 2 * pairs / (w * (w - 1)) - 2 * cross / (m * w))
        }
        return values
    }
}

/// The largest of many values and whose they are.
private struct LargestValues {
    let limit: Int
    private var kept: [(value: Double, bootstrap: Int)] = []
    private var least = -Double.infinity

    init(limit: Int) { self.limit = limit }

    var sorted: [(value: Double, bootstrap: Int)] { kept.sorted { $0.value > $1.value } }

    mutating func add(_ value: Double, of bootstrap: Int) {
        guard value > least else { return }
        kept.append((value, bootstrap))
        guard kept.count >= 2 * limit else { return }
        kept = Array(sorted.prefix(limit))
        least = kept[limit - 1].value
    }
}
