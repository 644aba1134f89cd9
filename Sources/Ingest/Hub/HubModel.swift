/// A model of a hub, as people write it: `ORG/NAME`, `ORG/NAME@REVISION`, or `NAME` alone.
public struct HubModel: Sendable, Equatable, CustomStringConvertible {
    public let name: String
    /// A branch, a tag or a commit.
    public let revision: String

    public var description: String { revision == "main" ? name : "\(name)@\(revision)" }
    /// The name without its owner.
    public var shortName: String { String(name.split(separator: "/").last ?? "") }

    /// - Throws: `HubError.badName`.
    public init(_ text: String) throws(HubError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let owners = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let revision = parts.count > 1 ? parts[1] : "main"
        guard (1...2).contains(owners.count), owners.allSatisfy({ Self.isPart($0) }),
            revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ Self.isPart($0) })
        else { throw .badName(text.readable) }
        name = parts[0]
        self.revision = revision
    }

    /// What the hub allows, which is also what no path and no address is broken by.
    private static func isPart(_ text: Substring) -> Bool {
        (1...96).contains(text.utf8.count) && !text.hasPrefix(".") && !text.contains("..")
            && text.utf8.allSatisfy {
                switch $0 {
                case 48...57, 65...90, 97...122: true
                default: "-_.".utf8.contains($0)
                }
            }
    }

    /// Where the hub lists its files.
    var listingPath: String {
        "/api/models/\(name)/revision/\(revision.replacing("/", with: "%2F"))?blobs=true"
    }

    /// Where the hub keeps one of its files.
    func path(of file: String, commit: String) -> String { "/\(name)/resolve/\(commit)/\(file)" }
}
