public import Corpus

/// Where the reading of a source stands; stored beside the rows that it brought, in one transaction.
public struct SourceState: Sendable, Equatable, Codable {
    /// What the next fetch continues from, in the words of the source's `CursorKind`.
    public var cursor: String?
    /// The validators of the last answer, for a conditional request.
    public var etag: String?
    public var lastModified: String?

    public init(cursor: String? = nil, etag: String? = nil, lastModified: String? = nil) {
        self.cursor = cursor
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// What one fetch brought, whole: a page that was cut or refused is an `IngestError` instead.
public struct Page: Sendable {
    public var examples: [Example]
    /// Rows that could not be used. Their lines count from the beginning of the page.
    public var rejected: [RejectedRow]
    /// The state to store together with the rows.
    public var next: SourceState
    /// Whether asking again at once will bring more.
    public var hasMore: Bool
    /// Whether the source said that nothing changed.
    public var notModified: Bool
    /// Of the body, unpacked.
    public var bytes: Int
    /// Of the last answer; 200 for a file.
    public var statusCode: Int

    /// A page without rows.
    static func nothingNew(_ next: SourceState, statusCode: Int, hasMore: Bool = false) -> Page {
        Page(
            examples: [], rejected: [], next: next, hasMore: hasMore, notModified: !hasMore, bytes: 0,
            statusCode: statusCode)
    }
}
