import Corpus
import Foundation

/// The trials of a search as lines of JSON, each on the disk before the next begins.
struct TuningJournal {
    /// Those that an earlier process made.
    let trials: [SuccessiveHalving.Trial]
    private let file: URL

    private struct Head: Codable {
        var search: String
    }

    /// - Parameter fingerprint: of what the search depends on.
    /// - Throws: `TrainingError.otherSearch` where the folder holds another search.
    init(folder: String, fingerprint: ContentHash) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        file = URL(filePath: folder + "/trials.jsonl")
        guard let data = try? Data(contentsOf: file) else {
            trials = []
            let head = try JSONEncoder().encode(Head(search: fingerprint.hex))
            try (head + Data("\n".utf8)).write(to: file, options: .atomic)
            return
        }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        let head = lines.first.flatMap { try? JSONDecoder().decode(Head.self, from: $0) }
        guard head?.search == fingerprint.hex else { throw TrainingError.otherSearch(folder) }
        // A line that was cut off by a kill is a trial that has not ended.
        trials = lines.dropFirst().compactMap {
            try? JSONDecoder().decode(SuccessiveHalving.Trial.self, from: $0)
        }
    }

    func append(_ trial: SuccessiveHalving.Trial) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        let end = try handle.seekToEnd()
        // After a line that was cut off a new one begins.
        try handle.seek(toOffset: end - 1)
        let isWhole = try handle.read(upToCount: 1) == Data("\n".utf8)
        try handle.seekToEnd()
        let line = Data((isWhole ? "" : "\n").utf8) + (try encoder.encode(trial)) + Data("\n".utf8)
        try handle.write(contentsOf: line)
        try handle.synchronize()
    }
}
