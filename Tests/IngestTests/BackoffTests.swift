import Foundation
import Ingest
import Testing

@Suite struct BackoffTests {
    let backoff = Backoff()

    @Test func `the ceiling doubles up to the cap`() {
        let delays = (0..<9).map { backoff.delay(afterFailure: $0, retryAfter: nil, uniform: 1) }

        #expect(delays == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }

    @Test func `jitter is full`() {
        #expect(backoff.delay(afterFailure: 3, retryAfter: nil, uniform: 0) == .zero)
        #expect(backoff.delay(afterFailure: 3, retryAfter: nil, uniform: 0.25) == .seconds(2))
    }

    @Test func `no count overflows`() {
        #expect(backoff.delay(afterFailure: .max, retryAfter: nil, uniform: 1) == .seconds(60))
        #expect(backoff.delay(afterFailure: -1, retryAfter: nil, uniform: 1) == .seconds(1))
    }

    @Test func `the server's own word goes before, up to a limit`() {
        #expect(backoff.delay(afterFailure: 5, retryAfter: .seconds(3), uniform: 0) == .seconds(3))
        #expect(backoff.delay(afterFailure: 0, retryAfter: .seconds(86_400), uniform: 0) == .seconds(300))
        #expect(backoff.delay(afterFailure: 0, retryAfter: .seconds(-5), uniform: 0.5) == .zero)
    }
}
