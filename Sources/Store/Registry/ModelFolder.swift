import Corpus
import FoundationEssentials

/// A folder that somebody offers as a model.
struct ModelFolder {
    let path: String

    private static let endings = [".safetensors", ".json", ".txt"]
    /// More than any model needs: what has more is not a model's folder.
    private static let maximumFiles = 256
    private static let maximumDepth = 3

    /// The files that make the model up, by their names below the folder.
    ///
    /// - Throws: `StoreError.unusableFolder`.
    func files() throws -> [String] {
        var found: [String] = []
        try collect("", depth: 0, into: &found)
        // A manifest of its own, as a version has that is imported again, is written anew.
        found.removeAll { $0 == Manifest.name }
        guard !WeightFiles.among(found).isEmpty else {
            throw unusable(
                "it holds no \(WeightFiles.whole); name the folder that holds config.json beside it")
        }
        return found.sorted()
    }

    private func collect(_ below: String, depth: Int, into found: inout [String]) throws {
        let folder = below.isEmpty ? path : path + "/" + below
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw unusable("it is missing or cannot be read")
        }
        for name in names where !name.hasPrefix(".") {
            let inner = below.isEmpty ? name : below + "/" + name
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path + "/" + inner, isDirectory: &isFolder) else {
                continue
            }
            if isFolder {
                if depth < Self.maximumDepth { try collect(inner, depth: depth + 1, into: &found) }
            } else if Self.endings.contains(where: name.hasSuffix) {
                found.append(inner)
                guard found.count <= Self.maximumFiles else {
                    throw unusable("it holds more than \(Self.maximumFiles) files: is it one model's folder?")
                }
            }
        }
    }

    private func unusable(_ cause: String) -> StoreError { .unusableFolder(path: path, cause: cause) }
}
