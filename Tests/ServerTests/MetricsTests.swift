import Foundation
import Honing
import Server
import TestSupport
import Testing

/// What Prometheus is told: names and labels are what others write their rules and charts by.
@Suite struct MetricsTests {
    @Test func `names, types and labels are what was released`() throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let status = try decoder.decode(
            Status.self,
            from: Data(contentsOf: URL(filePath: fixturePath("../../HoningTests/Fixtures/status.json"))))

        try expectSnapshot(prometheusText(status, ServingStatistics().snapshot), "metrics.txt")
    }
}
