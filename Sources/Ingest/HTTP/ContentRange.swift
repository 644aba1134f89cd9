/// The `Content-Range` of a partial answer (RFC 9110 §14.4): `bytes 200-999/1000`, or `bytes */1000`
/// beside status 416.
package struct ContentRange: Sendable, Equatable {
    /// The bytes that the answer holds; `nil` for an unsatisfied range.
    package var bytes: Range<Int>?
    /// Of the whole file; `nil` where the server does not know.
    package var total: Int?

    package init(bytes: Range<Int>?, total: Int?) {
        self.bytes = bytes
        self.total = total
    }

    /// `nil` for another unit and for what contradicts itself.
    package init?(_ text: String) {
        guard text.prefix(6).lowercased() == "bytes " else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        if parts[1] != "*" {
            guard let length = Self.number(parts[1]) else { return nil }
            total = length
        }
        guard parts[0] != "*" else { return }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last < total ?? .max
        else {
            return nil
        }
        bytes = first..<last + 1
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
