import Corpus
import Foundation
import Tensors
import Training

/// The program and the machine that trained: written by the trainer beside its result.
///
/// The same rows, arguments and seed give the same bytes wherever `kernels` and `precision` are the
/// same; the rest tells whom to ask where they are not.
public struct Provenance: Codable, Sendable, Equatable {
    /// The version of Hone, and SHA-256 of the very program.
    public var hone: String
    public var program: String?
    /// The kernels in use: `avx512bf16`, `avx512`, `avx2` or `portable`.
    public var kernels: String
    /// Of the products: `f32` or `bf16`.
    public var precision: String
    /// What the processor calls itself.
    public var processor: String?

    static let fileName = "provenance.json"

    /// Of this process.
    init(_ arguments: TrainingArguments) {
        hone = honeVersion
        program = (try? ContentHash.ofFile("/proc/self/exe"))?.hex
        kernels = kernelName
        precision = arguments.precision.resolved.rawValue
        processor = Self.processorName
    }

    private static var processorName: String? {
        let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
    }
}
