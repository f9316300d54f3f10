import Core
import Foundation
import Testing

@Suite struct CronTests {
    private func comes(_ text: String, _ year: Int, _ month: Int, _ day: Int) throws -> Bool {
        try Cron(text).comes(on: CivilDay(year: year, month: month, day: day))
    }

    @Test(arguments: [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"), ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"), ("0 0 * JAN,feb mon-FRI", "0 0 * 1-2 1-5"),
        ("5/20 * * * *", "5,25,45 * * * *"), ("0 0 * * 7", "0 0 * * 0"),
        ("0 0 * * 5-7", "0 0 * * 0,5,6"), ("0 0 ? * ?", "0 0 * * *"),
        ("*/15\t0   * * *", "0,15,30,45 0 * * *"),
    ])
    func `two ways to write one time come at the same instants`(left: String, right: String) throws
    {
        let utc = try #require(LocalClock(named: "UTC"))
        let (left, right) = (try Cron(left), try Cron(right))
        var date = Date(timeIntervalSince1970: 1_767_225_600)
        for _ in 0..<50 {
            let next = try #require(left.next(after: date, on: utc))
            #expect(next == right.next(after: date, on: utc))
            date = next
        }
    }

    @Test func `L is the last day, and L-2 two before it`() throws {
        #expect(try comes("0 0 L * *", 2028, 2, 29))
        #expect(try !comes("0 0 L * *", 2028, 2, 28))
        #expect(try comes("0 0 L * *", 2027, 2, 28))
        #expect(try comes("0 0 L-2 * *", 2026, 4, 28))
    }

    @Test func `W is the working day nearest to a day of the same month`() throws {
        // 15 November 2026 is a Sunday, 1 August 2026 a Saturday, 31 January 2027 a Sunday.
        #expect(try comes("0 0 15W * *", 2026, 11, 16))
        #expect(try !comes("0 0 15W * *", 2026, 11, 15))
        #expect(try comes("0 0 1W * *", 2026, 8, 3))
        #expect(try comes("0 0 31W * *", 2027, 1, 29))
        #expect(try comes("0 0 LW * *", 2027, 1, 29))
        #expect(try !comes("0 0 31W * *", 2026, 6, 30))
    }

    @Test func `a weekday may be the first or the last of its name`() throws {
        #expect(try comes("0 0 * * MON#1", 2026, 11, 2))
        #expect(try !comes("0 0 * * MON#1", 2026, 11, 9))
        #expect(try comes("0 0 * * 5L", 2026, 11, 27))
        #expect(try comes("0 0 * * friL", 2026, 11, 27))
        #expect(try !comes("0 0 * * 5L", 2026, 11, 20))
    }

    @Test func `of two days that are both named one is enough, unless one begins with a star`()
        throws
    {
        // 13 November 2026 is a Friday.
        #expect(try comes("0 0 13 * 1", 2026, 11, 13))
        #expect(try comes("0 0 13 * 1", 2026, 11, 16))
        #expect(try !comes("0 0 */13 * 1", 2026, 11, 16))
        #expect(try comes("0 0 */13 * 5", 2026, 11, 27))
    }

    @Test(arguments: [
        ("", 0, "is not a time"), ("0 0 * *", 0, "is not a time"), ("@noon", 0, "is not a time"),
        ("60 0 * * *", 0, "is not a minute"), ("0 24 * * *", 2, "is not an hour"),
        ("0 0 0 * *", 4, "is not a day"), ("0 0 * 13 *", 6, "is not a month"),
        ("0 0 * * 8", 8, "is not a day of the week"), ("0 0 * * FRI-MON", 8, "is not a day of"),
        ("1,2,x 0 * * *", 4, "'x' is not a minute"), ("*/0 0 * * *", 0, "is not a minute"),
        ("0 0 L-31 * *", 4, "is not a day"), ("0 0 32W * *", 4, "is not a day"),
        ("0 0 * * MON#6", 8, "is not a day of"), ("0  0 31 2 *", 0, "never comes"),
        ("+1 0 * * *", 0, "is not a minute"), ("1,, 0 * * *", 2, "'' is not a minute"),
    ])
    func `what is no time says where and why`(text: String, offset: Int, message: String) {
        let error = #expect(throws: CronError.self) { try Cron(text) }
        #expect(error?.offset == offset)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.hint.isEmpty == false)
    }

    @Test func `29 February comes once in four years, and eight over 2100`() throws {
        let utc = try #require(LocalClock(named: "UTC"))
        let cron = try Cron("0 0 29 2 *")
        let from2096 = Date(timeIntervalSince1970: 3_981_400_000)
        let next = try #require(cron.next(after: from2096, on: utc))
        #expect("\(CivilMoment(next))" == "2104-02-29 00:00")
    }
}
