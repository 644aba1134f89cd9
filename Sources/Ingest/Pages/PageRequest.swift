import Corpus
import FoundationEssentials

/// One page of a source as it is asked for: what the cursor means in the words of HTTP. Pure.
package struct PageRequest: Sendable {
    package let source: Source
    package let state: SourceState
    package let address: Address
    /// Where a byte-offset cursor goes on; `nil` for the other kinds.
    package private(set) var position: ByteOffset?

    package init(_ source: Source, from state: SourceState) throws(IngestError) {
        self.source = source
        self.state = state
        let base = try Address(source.url)
        switch source.cursor {
        case .none:
            address = base
        case .page(let parameter, _):
            address = try Self.page(state.cursor, parameter, base)
        case .since(let parameter):
            // A time only: a source that had another kind of cursor before begins anew.
            let time = state.cursor.flatMap { $0.instant == nil ? nil : $0 }
            address = try time.map { time throws(IngestError) in try base.adding(parameter, time) } ?? base
        case .byteOffset:
            address = base
            position = state.cursor.flatMap(ByteOffset.init) ?? ByteOffset(offset: 0)
        }
    }

    /// A token goes into the query; the target of a link, kept in its angle brackets, is an address.
    private static func page(_ cursor: String?, _ parameter: String, _ base: Address) throws(IngestError)
        -> Address
    {
        guard let cursor else { return base }
        guard cursor.hasPrefix("<"), cursor.hasSuffix(">") else { return try base.adding(parameter, cursor) }
        let target = try Address(String(cursor.dropFirst().dropLast()))
        guard target.hasSameOrigin(as: base) else {
            throw .redirectRefused(
                url: base.printable, target: target.printable, why: "its next page lies on another host")
        }
        return target
    }

    /// The bytes to ask for: a window, so that a file of any size is read page by page.
    package var range: ClosedRange<Int>? {
        guard let position else { return nil }
        let (end, overflows) = position.offset.addingReportingOverflow(max(1, source.limits.maximumBytes) - 1)
        return position.offset...(overflows ? .max : end)
    }

    /// Headers without secrets.
    var headers: [HeaderField] {
        var fields = [HeaderField("Accept", accepted)]
        // The last page of several is asked for again until it has a successor. Its validators say
        // nothing about that, because the successor's token is in a header.
        if case .page = source.cursor {
        } else {
            if let etag = state.etag { fields.append(HeaderField("If-None-Match", etag)) }
            if let modified = state.lastModified { fields.append(HeaderField("If-Modified-Since", modified)) }
        }
        let own = Set(source.headers.keys.map { $0.lowercased() })
        return fields.filter { !own.contains($0.name.lowercased()) }
            + source.headers.sorted { $0.key < $1.key }.map { HeaderField($0.key, $0.value) }
    }

    private var accepted: String {
        switch source.format {
        case .jsonLines: "application/x-ndjson, application/jsonl;q=0.9, */*;q=0.1"
        case .csv: "text/csv, */*;q=0.1"
        case .tsv: "text/tab-separated-values, */*;q=0.1"
        }
    }
}

extension String {
    /// A point in time as `SourceState.cursor` holds it.
    var instant: Date? { try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(self) }
}

extension Date {
    /// In UTC, cut to milliseconds: never later than the row that it came from, but for the
    /// microsecond that keeps a time that was read from becoming the millisecond before it.
    var cursor: String { (self + 1e-6).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
