import CKernels

// Rows of a table by number: what an embedding is.

extension Activations {
    /// Rows `ids` as f32, [ids.count, columns]; not of `int8`.
    public func gathered(_ ids: [Int32]) -> Matrix {
        precondition(
            precision != .int8 && ids.allSatisfy { 0..<rows ~= Int($0) }, "a row outside of \(rows)")
        var result = Matrix(uninitializedRows: ids.count, columns: columns)
        let target = unsafe Address(result.mutablePointer)
        for (place, id) in ids.enumerated() {
            let out = unsafe target.write + place * columns
            if precision == .bf16 {
                unsafe kernels.fromHalf!(half + Int(id) * 2 * words.columns, out, columns)
            } else {
                unsafe out.update(from: words.pointer + Int(id) * columns, count: columns)
            }
        }
        withExtendedLifetime(words) {}
        return result
    }
}

extension Matrix {
    /// Some of the rows, [places.count, columns].
    public func rows(_ places: [Int]) -> Matrix { Activations(self, .f32).gathered(places.map(Int32.init)) }

    /// Adds row `ids[i]` of a table to row i.
    public mutating func addGathered(_ table: Matrix, _ ids: [Int32]) {
        precondition(
            ids.count == rows && table.columns == columns && ids.allSatisfy { 0..<table.rows ~= Int($0) },
            "rows of [\(table.shape)] added to [\(shape)]")
        let target = unsafe Address(mutablePointer)
        for (place, id) in ids.enumerated() {
            unsafe kernels.add!(
                table.pointer + Int(id) * columns, target.write + place * columns, columns)
        }
        withExtendedLifetime(table) {}
    }
}
