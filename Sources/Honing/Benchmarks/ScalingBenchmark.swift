import Corpus
import Foundation
import Tensors
import Tokenizers
import Transformers

/// How serving grows with the model, the length of texts and the size of batches: tokens a second and
/// memory, of encoders of known shapes with random weights.
public struct ScalingBenchmark: Codable, Sendable, Equatable {
    /// The shapes of published encoders.
    public enum Shape: String, Codable, Sendable, CaseIterable {
        case miniLM = "minilm-l6"
        case bertBase = "bert-base"
        case bertLarge = "bert-large"

        fileprivate var sizes: (layers: Int, hidden: Int, heads: Int, intermediate: Int) {
            switch self {
            case .miniLM: (6, 384, 12, 1_536)
            case .bertBase: (12, 768, 12, 3_072)
            case .bertLarge: (24, 1_024, 16, 4_096)
            }
        }
    }

    public struct Point: Codable, Sendable, Equatable {
        public var shape: Shape
        public var batch: Int
        public var length: Int
        public var tokensPerSecond: Double
        /// Of the linear layers, in GFLOP/s.
        public var gigaflops: Double
        /// Resident, with the model and all work so far, in megabytes.
        public var residentMegabytes: Double
    }

    public var threads: Int
    public var kernels: String
    public var precision: String
    public var points: [Point]

    /// - Parameters:
    ///   - folder: a model folder; only its tokenizer is used.
    ///   - secondsAPoint: a point that would take longer than this for one batch is left out.
    ///   - measured: is told each point as it is found.
    public init(
        folder: String, shapes: [Shape], batches: [Int], lengths: [Int], precision: ServingPrecision,
        secondsAPoint: Double, measured: (Point) -> Void = { _ in }
    ) throws {
        var points: [Point] = []
        let tokenizer = try loadTokenizer(folder: folder)
        for shape in shapes {
            let classifier = try Self.classifier(shape, precision.wished, tokenizer)
            releaseUnusedMemory()
            var slowest = Double.infinity
            for length in lengths {
                for batch in batches where Double(batch * length) < secondsAPoint * slowest {
                    let seconds = Self.seconds(classifier, batch: batch, length: length)
                    let speed = Double(batch * length) / seconds
                    slowest = slowest.isFinite ? min(slowest, speed) : speed
                    let point = Point(
                        shape: shape, batch: batch, length: length, tokensPerSecond: speed,
                        gigaflops: speed * classifier.operationsPerToken / 1e9,
                        residentMegabytes: ServingBenchmark.residentMegabytes())
                    points.append(point)
                    measured(point)
                }
            }
        }
        self.points = points
        threads = ThreadPool.shared.threads
        kernels = kernelName
        self.precision = precision.wished.rawValue
    }

    /// The median of at least three batches, or of a second of them.
    private static func seconds(_ classifier: TextClassifier, batch: Int, length: Int) -> Double {
        var random = SystemRandomNumberGenerator()
        let encodings = (0..<batch).map { _ in
            var encoding = Encoding()
            encoding.ids = (0..<length).map { _ in Int32.random(in: 1_000..<30_000, using: &random) }
            encoding.typeIDs = [Int32](repeating: 0, count: length)
            return encoding
        }
        let clock = ContinuousClock()
        _ = classifier.predict(encodings)
        var times: [Double] = []
        while times.count < 3 || (times.reduce(0, +) < 1 && times.count < 200) {
            times.append(clock.measure { _ = classifier.predict(encodings) } / .seconds(1))
        }
        return times.median
    }

    private static func classifier(
        _ shape: Shape, _ precision: Precision, _ tokenizer: any Tokenizer
    ) throws -> TextClassifier {
        let (layers, hidden, heads, intermediate) = shape.sizes
        let text = """
            {"model_type": "bert", "vocab_size": 30522, "hidden_size": \(hidden), "num_hidden_layers": \(layers),
             "num_attention_heads": \(heads), "intermediate_size": \(intermediate),
             "max_position_embeddings": 512, "hone": {"pooling": "mean"}}
            """
        var model = TextClassificationModel(
            try ModelConfiguration(parsing: Data(text.utf8), file: shape.rawValue, outputs: 2))
        // A block of normal numbers, repeated: what the numbers are costs no time in serving.
        var random = Philox(seed: 1, stream: 0)
        let block = (0..<65_536).map { _ in Float(random.nextNormal() * 0.02) }
        model.visit { parameter, matrix in
            guard !parameter.isVector else { return }
            unsafe matrix.withUnsafeMutable { values in
                for index in values.indices { unsafe values[index] = block[index & 65_535] }
            }
        }
        return TextClassifier(model, tokenizer: tokenizer, maximumLength: 512, precision: precision)
    }
}
