// All of Foundation: with its essentials alone these numbers have other types, and casts fail silently.
import Foundation

/// What the file system says of a file, links followed.
struct FileFacts: Sendable, Equatable {
    let isRegular: Bool
    let size: Int
    /// The lower nine bits of the mode.
    let permissions: Int
    /// Changes whenever the file is written or replaced.
    let identity: String

    /// `nil` where there is no such file, or none that may be looked at.
    init?(_ path: String) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        guard let facts = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        isRegular = facts[.type] as? FileAttributeType == .typeRegular
        size = (facts[.size] as? NSNumber)?.intValue ?? 0
        // Where the mode cannot be told, the worst is assumed.
        permissions = ((facts[.posixPermissions] as? NSNumber)?.intValue ?? 0o777) & 0o777
        let number = (facts[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        let changed = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        identity = "\(number)-\(size)-\(changed)"
    }
}
