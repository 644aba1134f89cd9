import Glibc
import Synchronization

/// A row-major matrix of `Float`, `[rows, columns]`; a vector is a matrix of one row.
///
/// A value: copies share their memory until one of them is written. In a training step no copy is
/// ever made; `Matrix.copies` counts them, and a test holds it at zero.
public struct Matrix: Sendable {
    public let rows: Int
    public let columns: Int
    private var storage: MatrixStorage

    /// How many times writing to shared memory made a copy since the process began.
    package static var copies: Int { copyCounter.load(ordering: .relaxed) }
    private static let copyCounter = Atomic(0)

    /// Elements whose values are whatever was in memory: for results that are written in full.
    public init(uninitializedRows rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        storage = MatrixStorage(count: rows * columns)
    }

    /// Zeros.
    public init(rows: Int, columns: Int) {
        self.init(uninitializedRows: rows, columns: columns)
        unsafe storage.floats.initialize(repeating: 0, count: rows * columns)
    }

    /// - Parameter values: row after row.
    public init(rows: Int, columns: Int, values: some Collection<Float>) {
        precondition(
            values.count == rows * columns, "\(values.count) values do not fill \(rows) × \(columns)")
        self.init(uninitializedRows: rows, columns: columns)
        unsafe _ = UnsafeMutableBufferPointer(start: storage.floats, count: count).initialize(from: values)
    }

    /// A matrix in memory of somebody else's.
    init(rows: Int, columns: Int, at floats: UnsafePointer<Float>, of owner: any AnyObject & Sendable) {
        self.rows = rows
        self.columns = columns
        storage = unsafe MatrixStorage(reading: floats, of: owner)
    }

    public var count: Int { rows * columns }

    /// The shape as errors say it.
    public var shape: String { "\(rows) × \(columns)" }

    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(
                row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(shape)")
            return unsafe storage.floats[row * columns + column]
        }
        set {
            precondition(
                row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(shape)")
            makeUnique()
            unsafe storage.floats[row * columns + column] = newValue
        }
    }

    /// All elements, row after row.
    public var values: [Float] { unsafe withUnsafe { unsafe Array($0) } }

    /// One row.
    public subscript(row row: Int) -> [Float] {
        precondition(row >= 0 && row < rows, "row \(row) of \(shape)")
        return unsafe withUnsafe { unsafe Array($0[row * columns..<(row + 1) * columns]) }
    }

    // MARK: Memory

    public func withUnsafe<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeBufferPointer(start: storage.floats, count: count))
    }

    public mutating func withUnsafeMutable<Result>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        makeUnique()
        return try unsafe body(UnsafeMutableBufferPointer(start: storage.floats, count: count))
    }

    /// The elements' address. Valid as long as this value lives; kernels get it through here.
    package var pointer: UnsafePointer<Float> { unsafe UnsafePointer(storage.floats) }

    /// The elements' address for writing.
    package var mutablePointer: UnsafeMutablePointer<Float> {
        mutating get {
            makeUnique()
            return unsafe storage.floats
        }
    }

    private mutating func makeUnique() {
        guard !storage.isOwn || !isKnownUniquelyReferenced(&storage) else { return }
        Self.copyCounter.add(1, ordering: .relaxed)
        let copy = MatrixStorage(count: count)
        unsafe copy.floats.update(from: storage.floats, count: count)
        storage = copy
    }
}

extension Matrix: Equatable {
    /// Equal shapes and equal bits, NaN included: what reproducibility means.
    public static func == (a: Matrix, b: Matrix) -> Bool {
        guard a.rows == b.rows, a.columns == b.columns else { return false }
        return unsafe memcmp(a.pointer, b.pointer, a.count * MemoryLayout<Float>.stride) == 0
    }
}
