/// The cursor of a file that only grows: `1234`, and for CSV the header record behind it, since rows
/// from the middle of the file do not say which column is which.
package struct ByteOffset: Sendable, Equatable {
    /// The first byte that has not been read as part of a complete row.
    package var offset: Int
    /// The first record of a CSV file, without its line end.
    package var header: String?

    package init(offset: Int, header: String? = nil) {
        self.offset = offset
        self.header = header
    }

    /// - Returns: `nil` for what this type did not write: the cursor of another kind, say.
    package init?(_ cursor: String) {
        let digits = cursor.prefix { $0 != " " }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let offset = Int(digits)
        else {
            return nil
        }
        self.offset = offset
        header = digits.endIndex == cursor.endIndex ? nil : String(cursor[digits.endIndex...].dropFirst())
    }

    package var cursor: String { header.map { "\(offset) \($0)" } ?? "\(offset)" }
}
