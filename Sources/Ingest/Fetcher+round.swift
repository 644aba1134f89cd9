extension Fetcher {
    /// Fetches the pages of a source one after another, until it has no more or the round is full.
    ///
    /// A source whose pages never end would otherwise be asked without a pause, for ever.
    ///
    /// - Parameter take: keeps a page and its state, before the next one is asked for.
    /// - Returns: whether the source has more, which the next round goes on with.
    /// - Throws: like `fetch`, and what `take` throws; the pages taken before stay taken.
    public func fetchRound(
        _ source: Source, from state: SourceState, isolation: isolated (any Actor)? = #isolation,
        take: (Page) async throws -> Void
    ) async throws -> Bool {
        var state = state
        for _ in 0..<max(1, source.limits.pagesPerRound) {
            try Task.checkCancellation()
            let page = try await fetch(source, from: state)
            try await take(page)
            guard page.hasMore else { return false }
            state = page.next
        }
        return true
    }
}
