/// As they stand under `hone` in `config.json`: `{"pooling": "mean", "length": 128, "stride": 32, "limit": 32}`.
extension TextWindows {
    /// - Parameter longest: the most tokens that the network reads at once.
    /// - Returns: `nil` for JSON's `null`.
    /// - Throws: `CheckpointError` naming what is out of its range: a folder that is read in another way than it
    ///   was written for answers something else.
    init?(_ value: JSONValue, longest: Int, _ reader: ConfigurationReader) throws(CheckpointError) {
        guard value != .null else { return nil }
        func whole(_ key: String, _ range: ClosedRange<Int>) throws(CheckpointError) -> Int {
            guard let found = value.members?[key]?.double.flatMap({ Int(exactly: $0) }), range.contains(found)
            else {
                throw reader.bad(
                    "\"\(key)\" of \"windows\" under \"hone\" must be a whole number from "
                        + "\(range.lowerBound) to \(range.upperBound)")
            }
            return found
        }
        guard let pooling = value.members?["pooling"]?.text.flatMap(Pooling.init) else {
            let known = Pooling.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            throw reader.bad("\"pooling\" of \"windows\" under \"hone\" must be \(known)")
        }
        let length = try whole("length", 3...longest)
        self.init(
            pooling, length: length, stride: try whole("stride", Self.strides(of: length)),
            limit: try whole("limit", Self.limits))
    }

    var json: JSONValue {
        .object([
            "pooling": .string(pooling.rawValue), "length": .number(Double(length)),
            "stride": .number(Double(stride)), "limit": .number(Double(limit)),
        ])
    }
}
