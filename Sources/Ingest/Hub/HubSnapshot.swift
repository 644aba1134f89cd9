import Corpus
import FoundationEssentials

/// The files of a model at one commit, as far as Hone needs them.
public struct HubSnapshot: Sendable, Equatable {
    /// The commit; its files never change.
    public var commit: String
    public var files: [File]

    public struct File: Sendable, Equatable {
        public var name: String
        /// In bytes; `nil` where the hub does not say.
        public var size: Int?
        /// Of large files.
        public var sha256: String?
        /// Git's own hash of small ones.
        public var blobHash: String?
    }

    /// `nil` where a size is not known.
    public var size: Int? { files.reduce(0) { sum, file in sum.flatMap { s in file.size.map { s + $0 } } } }

    /// The answer of `GET /api/models/ORG/NAME/revision/REVISION?blobs=true`.
    /// Source: <https://huggingface.co/docs/hub/api>.
    private struct Listing: Decodable {
        var sha: String
        var siblings: [Sibling]

        struct Sibling: Decodable {
            var rfilename: String
            var size: Int?
            var blobId: String?
            var lfs: LargeFile?
        }
        struct LargeFile: Decodable {
            var sha256: String?
            var size: Int?
        }
    }

    /// Chooses among the files of a listing.
    ///
    /// Names are compared with those that Hone knows and are never taken for paths.
    ///
    /// - Throws: `HubError.notAHub`, `.noModel`, `.pickled`.
    package init(parsing bytes: [UInt8], of model: HubModel, at place: String) throws(HubError) {
        guard let listing = try? JSONDecoder().decode(Listing.self, from: Data(bytes)),
            (7...64).contains(listing.sha.utf8.count), listing.sha.allSatisfy(\.isHexDigit)
        else { throw .notAHub(place) }
        commit = listing.sha
        let names = Set(listing.siblings.map(\.rfilename))
        let weights = WeightFiles.among(names)
        guard names.contains("config.json"), !weights.isEmpty else {
            let pickled = names.sorted().first { $0.hasPrefix("pytorch_model") && $0.contains(".bin") }
            if weights.isEmpty, let pickled { throw .pickled(model, pickled) }
            throw .noModel(model, missing: weights.isEmpty ? WeightFiles.whole : "config.json")
        }
        let hasTokenizer =
            names.contains("tokenizer.json") || names.contains("vocab.txt")
            || names.isSuperset(of: ["vocab.json", "merges.txt"])
        guard hasTokenizer else { throw .noModel(model, missing: "tokenizer.json") }
        let wanted = Self.small.union(weights)
        files = listing.siblings.filter { wanted.contains($0.rfilename) }.map {
            File(
                name: $0.rfilename, size: ($0.lfs?.size ?? $0.size).flatMap { $0 >= 0 ? $0 : nil },
                sha256: $0.lfs?.sha256, blobHash: $0.lfs == nil ? $0.blobId : nil)
        }.sorted { ($0.size ?? 0, $0.name) < ($1.size ?? 0, $1.name) }
    }

    /// The files beside the weights that say what the model is, and how text becomes its tokens.
    private static let small: Set = [
        "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", WeightFiles.index,
    ]
}
