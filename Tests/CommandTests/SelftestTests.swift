import Foundation
import Testing

/// The short version of what `hone selftest detectors` measures at length.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct SelftestTests {
    @Test func `the promises are kept, and the measurement says so in words and numbers`() throws {
        let words = try Command(["selftest", "detectors", "--runs", "40"])
        #expect(words.code == 0, "\(words.output)")
        #expect(words.output.contains("Every promise is kept."))
        #expect(words.output.contains("✓ Shiryaev-Roberts"))
        #expect(words.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(words.output)")

        let json = try Command(["selftest", "detectors", "--runs", "4", "--json"])
        let result = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let service = try #require(result["service"] as? [String: Any])
        #expect((service["measurements"] as? [Any])?.count == 10)
        #expect(((result["edge"] as? [String: Any])?["measurements"] as? [Any])?.count == 2)
    }

    @Test func `a broken promise ends with exit code 1`() throws {
        let broken = try Command([
            "selftest", "detectors", "--runs", "5", "--error", "0.3", "--promise", "0.1",
        ])
        #expect(broken.code == 1)
        #expect(broken.output.contains("BROKEN by"))
        #expect(broken.output.contains("✗ Shiryaev-Roberts"))
    }

    @Test(arguments: [["--runs", "0"], ["--error", "1.5"], ["--promise", "0"], ["--labels", "3"]])
    func `a number out of range is a mistake in the command line`(option: [String]) throws {
        let refused = try Command(["selftest", "detectors"] + option)
        #expect(refused.code == 64)
        #expect(refused.notes.contains(option[0]))
    }
}
