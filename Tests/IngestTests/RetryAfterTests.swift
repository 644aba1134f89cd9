import Foundation
import Ingest
import Testing

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT
    let moment = Date(timeIntervalSince1970: 784_111_777)

    @Test func `a date is read`() {
        #expect(httpDate("Sun, 06 Nov 1994 08:49:37 GMT") == moment)
        #expect(httpDate("Thu, 01 Jan 1970 00:00:00 GMT") == Date(timeIntervalSince1970: 0))
        #expect(httpDate("Thu, 29 Feb 2024 23:59:60 GMT") == Date(timeIntervalSince1970: 1_709_251_200))
    }

    @Test func `dates agree with another calendar`() throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for day in stride(from: -20_000, through: 60_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(day * 86_400 + 12_345))
            #expect(httpDate(format.string(from: date)) == date)
        }
    }

    @Test(arguments: [
        "", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 0६ Nov 1994 08:49:37 GMT",
    ])
    func `what is no date is none`(text: String) {
        #expect(httpDate(text) == nil)
        #expect(retryAfter(text, now: moment) == nil)
    }

    @Test func `a pause is in seconds or ends at a date`() {
        #expect(retryAfter("120", now: moment) == .seconds(120))
        #expect(retryAfter("0", now: moment) == .zero)
        #expect(retryAfter("Sun, 06 Nov 1994 08:50:07 GMT", now: moment) == .seconds(30))
        #expect(retryAfter("Sun, 06 Nov 1994 08:00:00 GMT", now: moment) == .zero)
    }

    @Test func `absurd pauses are a year`() {
        #expect(retryAfter("99999999999999999999999999", now: moment) == .seconds(31_536_000))
        #expect(retryAfter("Sun, 06 Nov 9999 08:00:00 GMT", now: moment) == .seconds(31_536_000))
        #expect(retryAfter("-5", now: moment) == nil)
        #expect(retryAfter("1.5", now: moment) == nil)
    }
}
