import Glibc

/// A safetensors file, mapped into memory: tensors are read out of the page cache when asked for.
///
/// Nothing in the file is believed before it was checked against the file's length.
///
/// `@unchecked Sendable`: the mapping is private and read-only, and lives as long as this object.
@safe public final class Safetensors: @unchecked Sendable {
    public let file: String
    public let tensors: [String: TensorDescription]
    private let base: UnsafeMutableRawPointer
    private let length: Int
    private let dataStart: Int

    /// Headers of real models have some hundred kilobytes.
    private static let maximumHeader = 100_000_000

    /// - Throws: `SafetensorsError`.
    public init(_ file: String) throws(SafetensorsError) {
        self.file = file
        // Without O_NONBLOCK, opening a named pipe would wait for a writer that never comes.
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(file: file, reason: lastError()) }
        defer { close(descriptor) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(file: file, reason: "it is no regular file")
        }
        length = Int(info.st_size)
        guard length >= 8 else { throw .malformed(file: file, reason: "it has only \(length) bytes") }
        let mapping = unsafe mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
            throw .unreadable(file: file, reason: lastError())
        }
        unsafe base = mapping
        let declared = unsafe UInt64(littleEndian: mapping.loadUnaligned(as: UInt64.self))
        guard declared <= UInt64(Self.maximumHeader), declared + 8 <= UInt64(length) else {
            unsafe munmap(mapping, length)
            throw .malformed(
                file: file, reason: "its header claims \(declared) bytes, the file has \(info.st_size)")
        }
        dataStart = 8 + Int(declared)
        let header = unsafe Array(UnsafeRawBufferPointer(start: mapping + 8, count: Int(declared)))
        do {
            tensors = try SafetensorsHeader.parse(header, dataBytes: length - dataStart)
        } catch {
            unsafe munmap(mapping, length)
            throw .malformed(file: file, reason: error.reason)
        }
    }

    deinit { unsafe munmap(base, length) }

    /// A tensor of 4-byte words as it lies in the file, whatever the words mean: a view, not a copy.
    ///
    /// - Throws: `SafetensorsError` when it is missing, or of another shape or type.
    package func words(_ name: String, rows: Int, columns: Int) throws(SafetensorsError) -> Matrix {
        guard let tensor = tensors[name] else { throw .missing(file: file, tensor: name) }
        guard tensor.shape == [rows, columns] else {
            throw .wrongShape(file: file, tensor: name, found: tensor.shape, expected: [rows, columns])
        }
        guard tensor.type == "F32" else { throw .wrongType(file: file, tensor: name, found: tensor.type) }
        let start = unsafe base + dataStart + tensor.range.lowerBound
        guard Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0 else {
            throw .malformed(file: file, reason: "tensor \"\(name)\" does not begin at a whole word")
        }
        return unsafe Matrix(
            rows: rows, columns: columns, at: UnsafePointer(start.assumingMemoryBound(to: Float.self)),
            of: self)
    }

    /// A tensor as a matrix of floats: [n] becomes [1, n].
    ///
    /// - Parameter shape: what it must have.
    /// - Throws: `SafetensorsError` when it is missing, of another shape or type, or not finite.
    public func matrix(_ name: String, shape: [Int]) throws(SafetensorsError) -> Matrix {
        guard let tensor = tensors[name] else { throw .missing(file: file, tensor: name) }
        guard tensor.shape == shape, (1...2).contains(shape.count) else {
            throw .wrongShape(file: file, tensor: name, found: tensor.shape, expected: shape)
        }
        var result = Matrix(uninitializedRows: shape.count == 2 ? shape[0] : 1, columns: shape.last!)
        let count = result.count
        let source = unsafe base + dataStart + tensor.range.lowerBound
        let isKnown = unsafe result.withUnsafeMutable { target in
            // Offsets need not be multiples of the element's size.
            switch tensor.type {
            case "F32":
                unsafe memcpy(target.baseAddress!, source, count * 4)
            case "BF16":
                for i in 0..<count {
                    unsafe target[i] = float(
                        bfloat16: source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
                }
            case "F16":
                for i in 0..<count {
                    unsafe target[i] = float(
                        float16: source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
                }
            default: return false
            }
            return true
        }
        guard isKnown else { throw .wrongType(file: file, tensor: name, found: tensor.type) }
        let isFinite = unsafe result.withUnsafe { unsafe $0.allSatisfy(\.isFinite) }
        guard isFinite else {
            throw .malformed(file: file, reason: "tensor \"\(name)\" holds a number that is not finite")
        }
        return result
    }
}

/// What the system says went wrong last.
func lastError() -> String { unsafe String(cString: strerror(errno)) }
