import Glibc

/// Writes matrices as a safetensors file, f32, in the order of their names: equal tensors give equal
/// bytes.
///
/// The file appears under its name only once it is whole and on the disk.
///
/// - Parameter tensors: with the shape that each is to have; [1, n] is often written as [n].
/// - Throws: `SafetensorsError.unwritable`.
public func writeSafetensors(
    _ tensors: [(name: String, shape: [Int], matrix: Matrix)], to file: String
) throws(SafetensorsError) {
    let sorted = tensors.sorted { $0.name < $1.name }
    let head = try header(sorted, file)

    // The process's number in the name: two writers do not write into each other's file.
    let temporary = "\(file).\(getpid()).partial"
    unsafe unlink(temporary)
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(file: file, reason: lastError()) }
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    func failure() -> SafetensorsError {
        let reason = lastError()
        unsafe unlink(temporary)
        return .unwritable(file: file, reason: reason)
    }
    guard unsafe head.withUnsafeBytes({ unsafe writeAll(descriptor, $0) }) else { throw failure() }
    for tensor in sorted {
        let isWritten = unsafe tensor.matrix.withUnsafe {
            unsafe writeAll(descriptor, UnsafeRawBufferPointer($0))
        }
        guard isWritten else { throw failure() }
    }
    guard fsync(descriptor) == 0 else { throw failure() }
    isOpen = false
    guard close(descriptor) == 0 else { throw failure() }
    guard unsafe rename(temporary, file) == 0 else { throw failure() }
    try syncFolder(of: file)
}

/// The header's length and the header, filled up with spaces so that the data begin at a multiple of
/// eight.
private func header(
    _ tensors: [(name: String, shape: [Int], matrix: Matrix)], _ file: String
) throws(SafetensorsError) -> [UInt8] {
    var header = "{\"__metadata__\":{\"format\":\"pt\"}"
    var names: Set = ["__metadata__"]
    var offset = 0
    for (name, shape, matrix) in tensors {
        guard names.insert(name).inserted else {
            throw .unwritable(file: file, reason: "two tensors are named \"\(name)\"")
        }
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, { $0 &* $1 }) == matrix.count else {
            throw .unwritable(
                file: file, reason: "tensor \"\(name)\" of shape \(shape) was given [\(matrix.shape)]")
        }
        let end = offset + matrix.count * MemoryLayout<Float>.stride
        let sizes = shape.map(String.init).joined(separator: ",")
        header +=
            ",\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}"
        offset = end
    }
    header += "}"
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
}

/// A JSON string.
private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": quoted += "\\\(scalar)"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}

/// A rename is durable only once the folder is on the disk too.
private func syncFolder(of file: String) throws(SafetensorsError) {
    let slash = file.lastIndex(of: "/")
    let folder = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(file: file, reason: lastError()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .unwritable(file: file, reason: lastError()) }
}

/// Writes all bytes, however many calls that takes.
private func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var done = 0
    while done < bytes.count {
        let count = unsafe write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
    }
    return true
}
