public import Corpus

/// Where labelled rows come from.
public struct SourceSettings: Sendable, Equatable {
    /// How its rows were chosen, which decides what may be concluded from them.
    public enum Kind: String, Sendable, CaseIterable {
        /// A random sample of what is served: accuracy may be read from it.
        case auditRandom = "audit_random"
        /// Whatever there was.
        case bulk
        /// Only what somebody found worth correcting: its errors say nothing about the rest.
        case userCorrection = "user_correction"
    }

    public var name = ""
    /// http, https or file.
    public var url = ""
    public var kind = Kind.auditRandom
    public var format = RowFormat.jsonLines
    public var columns = Columns()
    /// From the words of the source to the model's labels; words that are not here stay as they are.
    public var labels: [String: String] = [:]
    public var cursor = Cursor()
    public var credentials = CredentialSettings()
    public var headers: [String: String] = [:]
    public var interval = Duration.seconds(60)
    public var timeouts = Timeouts()
    public var limits = Limits()
    /// How often a fetch that failed is tried again within one interval.
    public var retries = 4
    /// Certificates to trust instead of the system's.
    public var caFile: String?

    public init() {}

    /// Which column holds what.
    public struct Columns: Sendable, Equatable {
        public var text = "text"
        public var label = "label"
        public var pair: String?
        public var time: String?
        public var id: String?
        /// Columns whose values tell rows apart, such as a country or a product; `nil` for none.
        public var keep: [String]?

        public init() {}
    }

    /// How the next fetch asks for what is new.
    public struct Cursor: Sendable, Equatable {
        public enum Kind: String, Sendable, CaseIterable {
            /// The whole address each time; known rows are recognised by their content.
            case none
            /// The server hands out the token of the next page in a header.
            case page
            /// Rows newer than the newest one seen.
            case since
            /// The file only grows: from the byte where the last fetch ended.
            case byteOffset = "byte_offset"
        }

        public var kind = Kind.none
        /// The query parameter that carries it.
        public var parameter = "cursor"
        /// The response header that holds the next page's token.
        public var header = "X-Next-Cursor"

        public init() {}
    }

    public struct Timeouts: Sendable, Equatable {
        public var connect = Duration.seconds(10)
        /// From the first byte sent to the last one received.
        public var total = Duration.seconds(300)
        /// Without a byte.
        public var stall = Duration.seconds(30)

        public init() {}
    }

    /// What a source may make the daemon read.
    public struct Limits: Sendable, Equatable {
        /// Of one page, unpacked.
        public var pageBytes = 100_000_000
        /// Of one page, as it comes over the wire.
        public var wireBytes = 50_000_000
        public var rowBytes = 1_000_000
        public var rowsPerPage = 100_000
        public var redirects = 5
        /// Pages of one round, before the interval is waited for.
        public var pagesPerRound = 100

        public init() {}
    }
}
