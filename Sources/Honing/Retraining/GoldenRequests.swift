import Drift
public import Foundation
import Tensors
import Transformers

/// A few requests with the logits that the trainer saw, stored with the checkpoint: a model that
/// was damaged on its way to serving answers them differently.
public struct GoldenRequests: Codable, Sendable, Equatable {
    public struct Request: Codable, Sendable, Equatable {
        public var text: String
        public var pair: String?
        /// In every precision that a model may serve in: `f32`, `bf16`, `int8`.
        public var logits: [String: [Float]]

        var input: TextInput { TextInput(text: text, pair: pair) }
    }

    public var requests: [Request]

    static let count = 32
    static let fileName = "golden.json"

    /// Asks a checkpoint folder.
    public init(asking folder: String, texts: [TextInput]) throws {
        requests = texts.prefix(Self.count).map { Request(text: $0.text, pair: $0.pair, logits: [:]) }
        for precision in Precision.allCases {
            let model = try ServedTask(folder: folder, precision: precision)
            let asked = try requests.map { try model.ask($0.input).encodings }
            var logits = model.logits(of: asked.flatMap { $0 })[...]
            for (index, encodings) in asked.enumerated() {
                requests[index].logits[precision.rawValue] = logits.prefix(encodings.count).flatMap(\.values)
                logits = logits.dropFirst(encodings.count)
            }
        }
    }

    public init(contentsOf file: URL) throws {
        self = try JSONDecoder().decode(GoldenRequests.self, from: Data(contentsOf: file))
    }

    public func write(to file: URL) throws {
        try JSONEncoder().encode(self).write(to: file, options: .atomic)
    }

    /// How a loaded challenger does as a thing to be served.
    func facts(of challenger: LiveModel, beside champion: LiveModel, on predictor: Predictor) async throws
        -> InfrastructureFacts
    {
        var differences: [Double] = []
        for golden in requests {
            let logits = try await predictor.logits(of: golden.input, with: challenger)
            differences.append(
                zip(logits, golden.logits[challenger.precision] ?? []).map { Double(abs($0 - $1)) }.max()
                    ?? .infinity)
        }
        let worst = differences.contains { !$0.isFinite } ? Double.nan : differences.max() ?? .nan
        return InfrastructureFacts(
            loadError: nil, goldenRequests: requests.count, worstGoldenDifference: worst,
            latencyRatio: try await latencyRatio(of: challenger, to: champion, on: predictor),
            residentBytes: Self.residentBytes)
    }

    /// What this process has of the machine's memory, in bytes; `nil` where the system does not tell.
    private static var residentBytes: Int? {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        guard let fields, fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// The challenger's p95 over the champion's, one request at a time, in turn.
    ///
    /// Each request counts with its fastest of five rounds: what other work on the machine adds
    /// says nothing about the model.
    private func latencyRatio(
        of challenger: LiveModel, to champion: LiveModel, on predictor: Predictor
    ) async throws -> Double? {
        guard !requests.isEmpty else { return nil }
        var best = [[Double]](repeating: [.infinity, .infinity], count: requests.count)
        for _ in 0..<5 {
            for (index, request) in requests.enumerated() {
                let input = [request.input]
                for (side, model) in [champion, challenger].enumerated() {
                    let reply = try await predictor.predict(input, with: model, lane: .background)
                    best[index][side] = min(best[index][side], reply.timing.infer / .microseconds(1))
                }
            }
        }
        func p95(_ side: Int) -> Double {
            let sorted = best.map { $0[side] }.sorted()
            return sorted[min(sorted.count - 1, Int(0.95 * Double(sorted.count)))]
        }
        return p95(1) / p95(0)
    }
}
