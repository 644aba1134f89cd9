import Foundation
import Store

/// Where things lie below the data directory.
///
/// ```
/// honed.sqlite   rows: examples, predictions, outcomes, runs, promotions …
/// models/        versions, each a Hugging Face folder that never changes
/// compiled/      versions as they serve; may be deleted at any time
/// features/      what frozen encoders made of texts; may be deleted at any time
/// runs/          training runs, each a folder that can be trained again by hand
/// alerts/        what commands that tell of alerts said last
/// ```
struct DataDirectory: Sendable {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    var database: String { path + "/honed.sqlite" }
    var registry: String { path + "/models" }
    var runs: String { path + "/runs" }
    var compiled: String { path + "/compiled" }
    var features: String { path + "/features" }
    var alerts: String { path + "/alerts" }

    /// - Throws: `StoreError` with what stands in the way.
    func create() throws {
        for folder in [path, registry, runs] {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw StoreError.cannotOpen(
                    path: database, cause: "the folder \(folder) cannot be made (\(obstacle(error)))",
                    remedy: "name another under data_directory, or give \(path) to the daemon's user")
            }
        }
    }
}
