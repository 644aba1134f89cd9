extension AsyncStream<Void> {
    /// One element each `interval`, for as long as somebody listens. It does not catch up on ticks
    /// that the listener was too slow to take.
    static func every(_ interval: Duration) -> AsyncStream<Void> {
        AsyncStream<Void> {
            try? await Task.sleep(for: interval)
            return Task.isCancelled ? nil : ()
        }
    }
}
