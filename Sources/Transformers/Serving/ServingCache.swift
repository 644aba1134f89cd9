import Corpus
import Foundation
import Tensors

/// Compiled encoders on the disk: loading one is reading a file, not packing and rounding weights.
///
/// A file is of one checkpoint, one precision and one kind of kernels, which its name says:
/// `3f2a…-bf16-avx512bf16.safetensors`, with its SHA-256 beside it. Whatever is not as it was written is
/// not used, and made again: the folder can be deleted at any time.
///
/// The file is mapped, checked, and copied once to large pages: a product that reads its weights through
/// pages of 4 KiB is 3 to 5 % slower (see <doc:0016-a-cache-is-copied-to-large-pages>).
public struct ServingCache: Sendable {
    private let folder: URL
    /// So many files are kept, the latest.
    private let limit: Int

    /// Grows with the format of the files.
    private static let format = 1

    public init(folder: String, limit: Int = 4) {
        self.folder = URL(filePath: folder)
        self.limit = limit
    }

    private func file(_ weights: ContentHash, _ precision: Precision) -> URL {
        folder.appending(
            path: "\(weights.hex.prefix(32))-\(precision)-\(kernelName)-\(Self.format).safetensors")
    }

    /// The encoder that was compiled of these weights, or `nil` where there is none that is whole.
    func encoder(
        of weights: ContentHash, _ configuration: ModelConfiguration, _ precision: Precision
    ) -> CompiledEncoder? {
        let file = file(weights, precision)
        guard let written = try? String(contentsOf: sum(of: file), encoding: .utf8),
            let found = try? ContentHash.ofFile(file.path), found.hex == written,
            let tensors = try? Safetensors(file.path)
        else { return nil }
        return try? CompiledEncoder(configuration, precision) { name, rows, columns in
            try tensors.words(name, rows: rows, columns: columns)
        }
    }

    /// Keeps an encoder, and forgets the oldest ones beyond the limit.
    ///
    /// - Throws: where the disk refuses it; the encoder serves all the same.
    func keep(_ encoder: CompiledEncoder, of weights: ContentHash) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = file(weights, encoder.precision)
        try writeSafetensors(
            encoder.matrices.map { ($0.name, [$0.matrix.rows, $0.matrix.columns], $0.matrix) }, to: file.path)
        try Data(try ContentHash.ofFile(file.path).hex.utf8).write(to: sum(of: file), options: .atomic)
        try FileManager.default.forgetOldest(
            in: folder, beyond: limit, isCounted: { $0.pathExtension == "safetensors" }, companion: sum)
    }

    private func sum(of file: URL) -> URL { file.appendingPathExtension("sha256") }
}
