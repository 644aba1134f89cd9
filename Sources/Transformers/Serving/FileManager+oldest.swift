package import Foundation

extension FileManager {
    /// Removes the oldest of a folder's files, by the time they were written, beyond the latest `limit`.
    ///
    /// - Parameters:
    ///   - isCounted: which files count; others stay.
    ///   - companion: a file that goes with each one, if it is there.
    package func forgetOldest(
        in folder: URL, beyond limit: Int, isCounted: (URL) -> Bool, companion: (URL) -> URL? = { _ in nil }
    ) throws {
        let files = try contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.contentModificationDateKey]
        ).filter(isCounted)
        func age(_ file: URL) -> Date {
            (try? file.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
                ?? .distantPast
        }
        for file in files.sorted(by: { age($0) > age($1) }).dropFirst(limit) {
            try removeItem(at: file)
            if let companion = companion(file) { try? removeItem(at: companion) }
        }
    }
}
