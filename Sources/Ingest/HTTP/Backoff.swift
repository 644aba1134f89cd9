/// How long to wait before a request is made again: exponential with full jitter, so that many
/// clients that failed together do not come back together.
///
/// `delay = u · min(cap, base · 2ⁿ)` after failure n = 0, 1, …; u uniform in [0, 1).
/// A server's own Retry-After goes before it, up to a limit.
///
/// Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
package struct Backoff: Sendable {
    package var base = Duration.seconds(1)
    package var cap = Duration.seconds(60)
    package var maximumRetryAfter = Duration.seconds(300)

    package init() {}

    package func delay(afterFailure n: Int, retryAfter: Duration?, uniform u: Double) -> Duration {
        if let retryAfter { return min(max(retryAfter, .zero), maximumRetryAfter) }
        // 2³⁰ s is far above any cap, and a shift by more would overflow.
        let ceiling = min(cap, base * (1 << min(max(n, 0), 30)))
        return ceiling * u
    }
}
