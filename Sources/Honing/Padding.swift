extension StringProtocol {
    /// The text with `fill` before it, at least `width` characters wide.
    func leftPadded(to width: Int, with fill: Character = " ") -> String {
        String(repeating: fill, count: Swift.max(0, width - count)) + self
    }

    /// The text with spaces behind it, at least `width` characters wide.
    func rightPadded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
