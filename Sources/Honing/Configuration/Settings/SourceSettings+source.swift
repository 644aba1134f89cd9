import Corpus
public import Ingest

extension Source {
    /// The source as `Ingest` fetches it.
    public init(_ settings: SourceSettings) {
        let columns = settings.columns
        self.init(
            name: settings.name, url: settings.url, format: settings.format,
            columns: ColumnMapping(
                text: columns.text, label: columns.label, pair: columns.pair, time: columns.time,
                id: columns.id, kept: columns.keep ?? [],
                labelNames: settings.labels))
        cursor = CursorKind(settings.cursor)
        credentials = Credentials(settings.credentials)
        headers = settings.headers
        interval = settings.interval
        connectTimeout = settings.timeouts.connect
        totalTimeout = settings.timeouts.total
        stallTimeout = settings.timeouts.stall
        limits.maximumBytes = settings.limits.pageBytes
        limits.maximumWireBytes = settings.limits.wireBytes
        limits.rows = RowLimits(
            maximumRowBytes: settings.limits.rowBytes, maximumRows: settings.limits.rowsPerPage)
        limits.maximumRedirects = settings.limits.redirects
        limits.pagesPerRound = settings.limits.pagesPerRound
        retries = settings.retries
        caFile = settings.caFile
    }
}

extension CursorKind {
    fileprivate init(_ settings: SourceSettings.Cursor) {
        switch settings.kind {
        case .none: self = .none
        case .page: self = .page(parameter: settings.parameter, header: settings.header)
        case .since: self = .since(parameter: settings.parameter)
        case .byteOffset: self = .byteOffset
        }
    }
}

extension Credentials {
    /// The configuration was checked: what a kind needs is there.
    fileprivate init(_ settings: CredentialSettings) {
        let file = settings.file ?? ""
        switch settings.kind {
        case .none: self = .none
        case .bearer: self = .bearer(tokenFile: file)
        case .basic: self = .basic(user: settings.user ?? "", passwordFile: file)
        case .header: self = .header(name: settings.header ?? "", valueFile: file)
        }
    }
}
