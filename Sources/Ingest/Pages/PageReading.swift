package import Corpus

/// Turns an answer, as it streams in, into the rows of a page. Pure; the network calls it.
package struct PageReading: Sendable {
    package let request: PageRequest
    package private(set) var reader: RowReader
    package private(set) var head = ResponseHead()
    /// Why the answer is not what was asked for.
    package private(set) var problem: IngestError?
    /// Whether the answer holds rows at all: a redirect or an error page does not.
    package private(set) var holdsRows = false
    /// Of the body, unpacked.
    package private(set) var bytes = 0
    /// Whether the page took as many rows as it may while more were there.
    package private(set) var isFull = false
    /// The length of the whole file, where the answer tells it.
    package private(set) var total: Int?
    /// The first record of a CSV file that is read by byte offset.
    package private(set) var header: CSVHeader?
    /// Bytes before the offset, which a server sends that knows no ranges.
    private var skipped = 0
    /// The first bytes of the body, until what they are is known.
    private var opening: [UInt8]? = []
    /// Bytes that the reader was given though the page does not hold them: a CSV header.
    private var prelude = 0
    /// Bytes of the page up to the end of the last row that was taken.
    private var taken = 0

    package init(_ request: PageRequest) {
        self.request = request
        let source = request.source
        reader = RowReader(
            format: source.format, columns: source.columns.suiting(source.task), limits: source.limits.rows,
            task: source.task)
    }

    private var url: String { request.address.printable }
    private var offset: Int { request.position?.offset ?? 0 }

    // MARK: The head

    package mutating func begin(_ head: ResponseHead) -> BodyFlow {
        self.head = head
        do {
            holdsRows = try isPage()
        } catch {
            problem = error
            return .stop
        }
        guard holdsRows, request.position != nil, request.source.format.hasHeader else { return .proceed }
        if let known = request.position?.header, offset > 0 {
            header = CSVHeader(known)
            let record = Array(known.utf8) + [UInt8(ascii: "\n")]
            prelude = record.count
            reader.feed(record.span)
            return noteHeaderProblem() ? .stop : .proceed
        }
        header = CSVHeader()
        return .proceed
    }

    /// Without its columns a page has no rows, and the next one will have none.
    ///
    /// - Returns: whether that is so.
    private mutating func noteHeaderProblem() -> Bool {
        switch reader.headerProblem {
        case nil: return false
        case .missingColumn(let column, let found):
            // The label's own column is no candidate for the text.
            let label = request.source.columns.label
            let candidates = found.filter { $0 != label } + found.filter { $0 == label }
            problem = .missingColumn(url: url, column: column, found: candidates.map(\.readable))
        case .unreadable(let reason):
            problem = .notRows(url: url, found: "its header cannot be read: \(reason)")
        }
        return true
    }

    private mutating func isPage() throws(IngestError) -> Bool {
        switch head.statusCode {
        case 0 where request.address.scheme == .file:
            break
        case 200, 203:
            skipped = offset
        case 204:
            return false
        case 206:
            guard request.position != nil else {
                throw .wrongRange(url: url, why: "it sent a part of the file unasked")
            }
            guard let range = head.value(of: "Content-Range").flatMap(ContentRange.init),
                let part = range.bytes
            else {
                throw .wrongRange(url: url, why: "status 206 came without a usable Content-Range")
            }
            guard part.lowerBound == offset else {
                throw .wrongRange(
                    url: url, why: "bytes from \(part.lowerBound) came for bytes from \(offset)")
            }
            total = range.total
        default:
            return false
        }
        if request.position != nil, let coding = head.value(of: "Content-Encoding"),
            coding.lowercased() != "identity"
        {
            throw .wrongRange(
                url: url, why: "it came packed with \(coding.readable), in which offsets mean nothing")
        }
        let type = head.value(of: "Content-Type")?.lowercased() ?? ""
        if type.hasPrefix("text/html") || type.hasPrefix("application/xhtml") {
            throw .notRows(
                url: url,
                found:
                    "its Content-Type is \(type.readable), a page for people; it may want a login, or another address"
            )
        }
        return true
    }

    // MARK: The body

    package mutating func receive(_ chunk: [UInt8]) -> BodyFlow {
        guard holdsRows else {
            // Where a redirect leads is known only when its body is through; others are not waited for.
            return (300..<400).contains(head.statusCode) ? .proceed : .stop
        }
        bytes += chunk.count
        guard skipped > 0 else { return take(chunk) }
        let cut = min(skipped, chunk.count)
        skipped -= cut
        return cut == chunk.count ? .proceed : take(Array(chunk[cut...]))
    }

    private mutating func take(_ chunk: [UInt8]) -> BodyFlow {
        guard var seen = opening else { return feed(chunk) }
        seen += chunk
        if seen.count < BodyOpening.length {
            opening = seen
            return .proceed
        }
        return open(seen)
    }

    /// Looks at the first bytes of the body before any reader does.
    private mutating func open(_ first: [UInt8]) -> BodyFlow {
        opening = nil
        if offset == 0, let found = BodyOpening.what(first) {
            problem = .notRows(url: url, found: found)
            return .stop
        }
        return feed(first)
    }

    private mutating func feed(_ chunk: [UInt8]) -> BodyFlow {
        header?.take(chunk)
        if header?.isTooLong == true {
            problem = .notRows(
                url: url, found: "its first record is longer than \(CSVHeader.maximumBytes) bytes, no header")
            return .stop
        }
        let rows = reader.examples.count + reader.rejected.count
        let limit = request.source.limits.rows.maximumRows
        let lines = chunk.count { $0 == UInt8(ascii: "\n") }
        if request.position == nil || rows + lines <= limit {
            reader.feed(chunk.span)
            taken = reader.consumedBytes - prelude
        } else {
            feedLineByLine(chunk)
        }
        if noteHeaderProblem() { return .stop }
        if reader.isTruncated {
            isFull = request.position != nil
            if !isFull { problem = .tooLarge(url: url, part: .rows, limit: limit) }
            return .stop
        }
        return .proceed
    }

    /// Near the row limit, to know behind which byte the last row ended that was taken.
    private mutating func feedLineByLine(_ chunk: [UInt8]) {
        var start = 0
        while start < chunk.count {
            let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? chunk.count
            reader.feed(chunk.span.extracting(start..<end))
            start = end
            if reader.isTruncated { return }
            taken = reader.consumedBytes - prelude
        }
    }

    // MARK: The end

    /// Ends a body that came whole.
    package mutating func finish() throws(IngestError) {
        if holdsRows, problem == nil, let short = opening { _ = open(short) }
        if let problem { throw problem }
        // The last line of a growing file may still be written; it is read again when it is whole.
        guard holdsRows, request.position == nil else { return }
        let rejected = reader.rejected.count
        reader.finish()
        guard reader.rejected.count == rejected || isLengthKnown else {
            throw .truncated(
                url: url, why: "it ends within a row, and the answer does not say how long it should be")
        }
        if noteHeaderProblem(), let problem { throw problem }
        if reader.isTruncated {
            throw .tooLarge(url: url, part: .rows, limit: request.source.limits.rows.maximumRows)
        }
    }

    /// Whether a body that was cut would have been noticed below us. A packed one that ends early is not.
    private var isLengthKnown: Bool {
        if head.statusCode == 0 { return true }
        guard head.value(of: "Content-Encoding") == nil else { return false }
        return head.isFramed || head.value(of: "Content-Length") != nil
            || head.value(of: "Transfer-Encoding")?.lowercased().contains("chunked") == true
    }

    /// Bytes of the file behind which the next fetch goes on.
    package var nextOffset: Int { offset + taken }

    /// Whether the file is shorter than what was read of it before.
    package var hasShrunk: Bool { holdsRows && skipped > 0 }
}
