extension [Double] {
    /// The value that a share `q` of all values does not exceed; 0 without values.
    func quantile(_ q: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(Double(count) * q))]
    }

    var median: Double { quantile(0.5) }
}
