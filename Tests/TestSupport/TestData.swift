public import FoundationEssentials

/// The real model and the real rows that tests measure themselves against.
///
/// They are fetched once by `Deploy/fetch-data.sh` into `HONE_DATA` (default `~/.cache/hone`)
/// and are never part of the repository.
public enum TestData {
    /// The folder of all-MiniLM-L6-v2: `config.json`, `model.safetensors`, `tokenizer.json`, `vocab.txt`.
    public static func baseModel() throws -> String { try existing("minilm") }

    /// The folder of the four sentiment domains: `movies.jsonl`, `tweets.jsonl`, `amazon.jsonl`, `news.jsonl`.
    public static func sentiment() throws -> String { try existing("sentiment") }

    private static func existing(_ name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let root = environment["HONE_DATA"] ?? (environment["HOME"] ?? ".") + "/.cache/hone"
        let path = root + "/" + name
        guard FileManager.default.fileExists(atPath: path) else {
            throw MissingTestData(path: path)
        }
        return path
    }
}

/// Thrown where a test needs data that was never fetched.
public struct MissingTestData: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) is missing: run ./Deploy/fetch-data.sh first" }
}

/// The bytes of a small reference file beside the calling test: `Fixtures/<name>`.
public func fixture(_ name: String, beside file: String = #filePath) throws -> Data {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
        separator: "/")
    return try Data(contentsOf: URL(filePath: folder + "/Fixtures/" + name))
}

/// The path of a reference file or folder beside the calling test: `Fixtures/<name>`.
public func fixturePath(_ name: String, beside file: String = #filePath) -> String {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
        separator: "/")
    return folder + "/Fixtures/" + name
}
