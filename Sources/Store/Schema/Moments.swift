import FoundationEssentials

extension Date {
    /// Whether the database can hold the date: it keeps years of four digits.
    var isStorable: Bool {
        // 0001-01-01 to the end of 9999, in seconds since 1970.
        (-62_135_596_800..<253_402_300_800).contains(timeIntervalSince1970)
    }
}
