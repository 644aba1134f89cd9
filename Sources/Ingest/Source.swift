public import Corpus

/// Where labelled rows come from, and how they are asked for.
public struct Source: Sendable, Equatable {
    /// The operator's name for it, which stands in logs and reports.
    public var name: String
    /// An `http`, `https` or `file` address. Secrets do not belong into it.
    public var url: String
    public var format: RowFormat
    public var columns: ColumnMapping
    /// What the rows are for: which target is looked for in them.
    public var task = TaskKind.textClassification
    /// How the next fetch asks for what is new.
    public var cursor = CursorKind.none
    public var credentials = Credentials.none
    /// Further request headers. They are sent to the source's own host only.
    public var headers: [String: String] = [:]
    /// From the end of one round of fetching to the next.
    public var interval = Duration.seconds(60)
    public var connectTimeout = Duration.seconds(10)
    /// For one page with all its redirects; a retry begins anew.
    public var totalTimeout = Duration.seconds(300)
    /// Without a byte; libcurl counts in whole seconds.
    public var stallTimeout = Duration.seconds(30)
    public var limits = Limits()
    /// How often a page that failed is asked for again.
    public var retries = 4
    /// A PEM file of certificates to trust instead of the system's.
    public var caFile: String?

    public init(name: String, url: String, format: RowFormat, columns: ColumnMapping) {
        self.name = name
        self.url = url
        self.format = format
        self.columns = columns
    }

    /// How much one page may be.
    public struct Limits: Sendable, Equatable {
        /// Of the body, unpacked; for a byte-offset cursor also what is asked for at once.
        public var maximumBytes = 100_000_000
        /// Of the body, as it comes over the wire.
        public var maximumWireBytes = 50_000_000
        public var rows = RowLimits()
        public var maximumRedirects = 5
        /// Pages that are fetched one after another before the interval is waited for.
        public var pagesPerRound = 100

        public init() {}
    }
}

/// How a fetch asks for what no fetch has brought yet.
public enum CursorKind: Sendable, Equatable {
    /// The whole address each time; rows that came before are known by their content.
    case none
    /// The server hands out the token of the next page in a response header, or its address in a
    /// `Link` header with `rel="next"` (RFC 8288) on the same origin. `parameter` is the query
    /// parameter that carries the token back.
    case page(parameter: String, header: String = "X-Next-Cursor")
    /// Rows that are not older than the newest one seen, by the time column; the server sends them
    /// oldest first. `parameter` is the query parameter that carries the time, in ISO 8601.
    case since(parameter: String)
    /// The file only grows: from the byte behind the last complete row.
    case byteOffset
}
