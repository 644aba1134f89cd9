import Corpus
package import FoundationEssentials

extension PageReading {
    /// The error that an answer is by its status.
    package func refusal(_ head: ResponseHead, now: Date) -> IngestError {
        .status(
            url: request.address.printable, code: head.statusCode,
            retryAfter: head.value(of: "Retry-After").flatMap { Ingest.retryAfter($0, now: now) })
    }

    /// The page that a whole answer makes, and the state behind it.
    ///
    /// - Parameter now: for what is measured by the clock: Retry-After, and times that lie ahead.
    /// - Throws: `IngestError` for every answer that must not move the cursor.
    package mutating func page(now: Date) throws(IngestError) -> Page {
        let url = request.address.printable
        let state = request.state
        switch head.statusCode {
        case 200, 203, 204, 206:
            break
        case 0 where holdsRows:
            break
        case 304 where state.etag != nil || state.lastModified != nil:
            return .nothingNew(state, statusCode: 304)
        case 416 where request.position != nil:
            return unsatisfied
        default:
            throw refusal(head, now: now)
        }
        try finish()
        if hasShrunk { return restarted }
        // One bad row is quarantined; a page of nothing else means that the source has changed.
        if reader.examples.isEmpty, reader.rejected.count > 10 {
            throw .noUsableRow(
                url: url, count: reader.rejected.count, first: reader.rejected[0].reason.readable)
        }
        let (cursor, hasMore) = try advanced(now: now)
        var next = SourceState(cursor: cursor)
        // Validators belong to one address, and only to what was read to its end.
        if !hasMore, cursor == state.cursor || request.position != nil {
            next.etag = head.value(of: "ETag").flatMap {
                HeaderField.isValue($0) && $0.utf8.count <= 1_024 ? $0 : nil
            }
            next.lastModified = settledModification(now: now)
        }
        return Page(
            examples: reader.examples, rejected: reader.rejected, next: next, hasMore: hasMore,
            notModified: false,
            bytes: bytes, statusCode: head.statusCode == 0 ? 200 : head.statusCode)
    }

    // MARK: Where the next fetch goes on

    private func advanced(now: Date) throws(IngestError) -> (cursor: String?, hasMore: Bool) {
        let old = request.state.cursor
        let hasRows = !reader.examples.isEmpty || !reader.rejected.isEmpty
        switch request.source.cursor {
        case .none:
            return (nil, false)
        case .page(_, let header):
            // Without a successor this page is asked for again: it may still grow, or get one.
            guard let next = try successor(header), next != old else { return (old, false) }
            // An empty page with a successor moves on, but not in a loop without a pause.
            return (next, hasRows)
        case .since:
            let last = old?.instant
            // A row from the future would hide all that comes before that day.
            let newest = reader.examples.lazy.compactMap(\.observedAt).filter { $0 <= now }.max()?.cursor
            guard let newest, let instant = newest.instant, instant > last ?? .distantPast else {
                return (old, false)
            }
            return (newest, true)
        case .byteOffset:
            return try growth()
        }
    }

    private func successor(_ header: String) throws(IngestError) -> String? {
        if let token = head.value(of: header), !token.isEmpty {
            guard token.utf8.count <= 4_096, HeaderField.isValue(token) else {
                throw .notRows(
                    url: request.address.printable, found: "the \(header) header holds no usable token")
            }
            return token
        }
        guard let link = nextLink(head.values(of: "Link")) else { return nil }
        let target = try request.address.resolving(link)
        guard target.hasSameOrigin(as: request.address) else {
            throw .redirectRefused(
                url: request.address.printable, target: target.printable,
                why: "the next page of its Link header lies on another host")
        }
        return "<\(target.url)>"
    }

    private func growth() throws(IngestError) -> (cursor: String?, hasMore: Bool) {
        let position = request.position ?? ByteOffset(offset: 0)
        let window = request.source.limits.maximumBytes
        // An answer of status 200 holds the whole file; a part may end before the file does.
        let isPart = head.statusCode != 200 && head.statusCode != 203
        let length = isPart ? position.offset + bytes : bytes
        let end = total ?? (isPart && bytes >= window ? .max : length)
        if end > length, nextOffset == position.offset, !isFull {
            throw .tooLarge(url: request.address.printable, part: .row, limit: window)
        }
        guard nextOffset > position.offset else { return (request.state.cursor ?? position.cursor, false) }
        let next = ByteOffset(offset: nextOffset, header: header?.text)
        return (next.cursor, isFull || end > length)
    }

    /// 416: there is nothing behind the offset, or the file is shorter now.
    private var unsatisfied: Page {
        let offset = request.position?.offset ?? 0
        let total = head.value(of: "Content-Range").flatMap(ContentRange.init)?.total
        if let total, total < offset { return restarted }
        return .nothingNew(request.state, statusCode: 416)
    }

    /// The file was replaced by a shorter one: all of it is read, and known rows are known by content.
    private var restarted: Page {
        .nothingNew(
            SourceState(cursor: ByteOffset(offset: 0).cursor),
            statusCode: head.statusCode == 0 ? 200 : head.statusCode,
            hasMore: true)
    }

    /// Last-Modified, once it can be relied on.
    ///
    /// It counts in seconds: of a file that was changed in the very second of the answer, a later
    /// change could not be told apart (RFC 9110 §8.8.2.2).
    private func settledModification(now: Date) -> String? {
        guard let text = head.value(of: "Last-Modified"), let modified = httpDate(text) else { return nil }
        let answered = head.value(of: "Date").flatMap(httpDate) ?? now
        return answered.timeIntervalSince(modified) >= 2 ? text : nil
    }
}
