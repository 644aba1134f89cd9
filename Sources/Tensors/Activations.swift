import CKernels

/// A matrix [n, d] in the format that the next product multiplies in.
///
/// A row is a row of words of 4 bytes: one f32, two bf16 or four bytes each, padded with zeros.
public struct Activations: Sendable {
    public let precision: Precision
    public let rows: Int
    public let columns: Int
    /// [rows, words], the words' bits as floats.
    var words: Matrix
    /// For `int8`, of each row: x ≈ scale·(byte − zero). The zero points are integers' bits.
    var scales: Matrix?
    var zeros: Matrix?

    /// Room for what is written in full afterwards.
    init(uninitializedRows rows: Int, columns: Int, _ precision: Precision) {
        self.init(
            words: Matrix(uninitializedRows: rows, columns: precision.words(columns)), columns: columns,
            precision)
    }

    private init(words: Matrix, columns: Int, _ precision: Precision) {
        self.precision = precision
        self.columns = columns
        self.words = words
        rows = words.rows
        guard precision == .int8 else { return }
        scales = Matrix(uninitializedRows: 1, columns: rows)
        zeros = Matrix(uninitializedRows: 1, columns: rows)
    }

    /// The shape of a table that is not `int8`; `visit` brings its numbers.
    package init(rows: Int, columns: Int, _ precision: Precision) {
        precondition(precision != .int8, "a table in bytes has a scale a row")
        self.precision = precision
        (self.rows, self.columns) = (rows, columns)
        words = Matrix(rows: 0, columns: 0)
    }

    /// Shows the matrix of words, with a name and the shape that it must have.
    package mutating func visit(_ name: String, _ body: MatrixVisitor) rethrows {
        try body(name, (rows, precision.words(columns)), &words)
    }

    /// `x` in another format; as `f32` it shares its memory.
    public init(_ x: Matrix, _ precision: Precision, pool: ThreadPool = .shared) {
        guard precision != .f32 else {
            self.init(words: x, columns: x.columns, precision)
            return
        }
        self.init(uninitializedRows: x.rows, columns: x.columns, precision)
        let (source, target) = (Address(x), writer())
        let columns = columns
        pool.parallelRanges(rows, multiple: 8) { range in
            unsafe target.write(source.read + range.lowerBound * columns, range)
        }
        withExtendedLifetime(x) {}
    }

    /// As f32.
    public func matrix(pool: ThreadPool = .shared) -> Matrix {
        switch precision {
        case .f32: return words
        case .bf16:
            var result = Matrix(uninitializedRows: rows, columns: columns)
            let (source, target) = unsafe (Address(words), Address(result.mutablePointer))
            let (columns, stride) = (columns, 2 * words.columns)
            pool.parallelRanges(rows, multiple: 8) { range in
                let half = unsafe UnsafeRawPointer(source.read).assumingMemoryBound(to: UInt16.self)
                for row in range {
                    unsafe kernels.fromHalf!(half + row * stride, target.write + row * columns, columns)
                }
            }
            withExtendedLifetime(words) {}
            return result
        case .int8:
            var result = Matrix(uninitializedRows: rows, columns: columns)
            let bytes = unsafe UnsafeRawPointer(words.pointer).assumingMemoryBound(to: UInt8.self)
            for row in 0..<rows {
                let (scale, zero) = (scales![0, row], Int32(bitPattern: zeros![0, row].bitPattern))
                for column in 0..<columns {
                    let byte = unsafe Int32(bytes[row * 4 * words.columns + column])
                    result[row, column] = scale * Float(byte - zero)
                }
            }
            return result
        }
    }

    /// bf16 elements, rows `2·words.columns` apart.
    var half: UnsafePointer<UInt16> {
        unsafe UnsafeRawPointer(words.pointer).assumingMemoryBound(to: UInt16.self)
    }

    /// What several threads write rows through while this value waits.
    mutating func writer() -> Writer {
        unsafe Writer(
            precision: precision, columns: columns, words: words.columns,
            target: Address(words.mutablePointer),
            scales: scales == nil ? nil : Address(scales!.mutablePointer),
            zeros: zeros == nil ? nil : Address(zeros!.mutablePointer))
    }

    /// Converts rows into place.
    struct Writer: Sendable {
        let precision: Precision
        let columns: Int
        let words: Int
        let target: Address
        let scales: Address?
        let zeros: Address?

        /// - Parameter x: the first of the rows of `range`, `columns` floats each.
        @unsafe func write(_ x: UnsafePointer<Float>, _ range: Range<Int>) {
            let out = unsafe UnsafeMutableRawPointer(target.write + range.lowerBound * words)
            switch precision {
            case .f32:
                unsafe target.write.advanced(by: range.lowerBound * words).update(
                    from: x, count: range.count * columns)
            case .bf16:
                let half = unsafe out.assumingMemoryBound(to: UInt16.self)
                for row in 0..<range.count {
                    unsafe kernels.toHalf!(
                        x + row * columns, half + row * 2 * words, columns, 2 * words - columns)
                }
            case .int8:
                let zero = unsafe UnsafeMutableRawPointer(zeros!.write).assumingMemoryBound(to: Int32.self)
                unsafe kernels.quantize!(
                    x, range.count, columns, out.assumingMemoryBound(to: UInt8.self), 4 * words,
                    scales!.write + range.lowerBound, zero + range.lowerBound)
            }
        }
    }
}
