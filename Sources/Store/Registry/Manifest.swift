import Corpus
import FoundationEssentials

/// What a version's folder must hold, file by file: `manifest.json` beside them.
///
/// It is written in one canonical form and refused in any other, so that a changed bit in the
/// manifest itself is as visible as one in the weights.
struct Manifest: Codable, Sendable, Equatable {
    static let name = "manifest.json"

    struct File: Codable, Sendable, Equatable {
        /// Below the folder.
        var name: String
        var bytes: Int
        var sha256: ContentHash
    }

    var schema = 1
    /// By name.
    var files: [File]

    /// SHA-256 of the weights: of the one file, or of the SHA-256 of all parts that they are divided into.
    var checksum: String? {
        let parts = WeightFiles.among(files.map(\.name))
        let hashes = files.filter { parts.contains($0.name) }.map(\.sha256)
        return hashes.isEmpty ? nil : ContentHash.joining(hashes).hex
    }

    /// Measures files that lie in a folder.
    init(of names: [String], in folder: String) throws {
        files = try names.sorted().map { name in
            File(
                name: name, bytes: FileSystem.size(of: folder + "/" + name) ?? 0,
                sha256: try ContentHash.ofFile(folder + "/" + name))
        }
    }

    /// Reads a folder's manifest.
    ///
    /// - Throws: `StoreError.damagedVersion` for anything that `encoded` would not have written.
    init(ofVersion version: Int, in folder: String) throws {
        func damaged(_ cause: String) -> StoreError {
            .damagedVersion(version, file: folder + "/" + Self.name, cause: cause)
        }
        guard let data = FileManager.default.contents(atPath: folder + "/" + Self.name) else {
            throw damaged("is missing or cannot be read")
        }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
            manifest.schema == 1, try manifest.encoded() == data, manifest.checksum != nil
        else { throw damaged("is not as it was written") }
        self = manifest
    }

    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// Compares the files of a folder with what is written here.
    func verify(version: Int, in folder: String) throws {
        for file in files {
            let path = folder + "/" + file.name
            func damaged(_ cause: String) -> StoreError { .damagedVersion(version, file: path, cause: cause) }
            guard let size = FileSystem.size(of: path) else { throw damaged("is missing") }
            let hash: ContentHash
            do {
                hash = try ContentHash.ofFile(path)
            } catch {
                throw damaged("cannot be read (\(error))")
            }
            guard size == file.bytes else { throw damaged("has \(size) bytes instead of \(file.bytes)") }
            guard hash == file.sha256 else {
                throw damaged(
                    "has the SHA-256 \(hash.hex.prefix(12))… instead of \(file.sha256.hex.prefix(12))…")
            }
        }
    }
}
