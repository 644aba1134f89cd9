import Honing
import Testing

@Suite struct RequestSampleTests {
    private let ids = (0..<4_000).map { "request-\($0)" }

    @Test(arguments: [0.05, 0.1, 0.5]) func `a share of requests is that share`(_ share: Double) {
        let inside = ids.count { requestShare($0, of: "canary") < share }
        // Four standard deviations of 4,000 draws.
        let deviation = (share * (1 - share) / Double(ids.count)).squareRoot()
        #expect(abs(Double(inside) / Double(ids.count) - share) < 4 * deviation)
    }

    @Test func `the same id lies in the same place for ever`() {
        #expect(requestShare("request-1", of: "canary") == requestShare("request-1", of: "canary"))
        // SHA-256 of "canary\nrequest-1", its first 13 digits over 2⁵².
        #expect(abs(requestShare("request-1", of: "canary") - 0.06517705699425047) < 1e-12)
    }

    @Test func `samples of different names do not know of each other`() {
        let canary = ids.filter { requestShare($0, of: "canary") < 0.5 }
        let both = canary.count { requestShare($0, of: "comparison") < 0.5 }
        #expect(abs(Double(both) / Double(canary.count) - 0.5) < 0.05)
    }
}
