import Tensors

/// A message of Protocol Buffers, written field by field.
///
/// Matrices are held, not copied: a message of them may be as large as a model.
/// Source: <https://protobuf.dev/programming-guides/encoding/>.
struct ProtobufMessage {
    /// A stretch of the message.
    enum Piece {
        case bytes([UInt8])
        /// Its elements as they lie in memory, little-endian.
        case matrix(Matrix)
    }

    private(set) var pieces: [Piece] = []
    /// The message's length in bytes.
    private(set) var count = 0

    /// How a field's value is laid out, as its key says it.
    private enum Wire: UInt64 { case varint = 0, lengthDelimited = 2, fixed32 = 5 }

    /// A whole number, of any of the types int32, int64 and enum.
    mutating func add(_ field: Int, _ value: Int) {
        append(key(field, .varint) + Self.varint(UInt64(bitPattern: Int64(value))))
    }

    mutating func add(_ field: Int, _ value: Float) {
        append(
            key(field, .fixed32)
                + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) })
    }

    mutating func add(_ field: Int, _ text: String) {
        append(key(field, .lengthDelimited) + Self.varint(UInt64(text.utf8.count)) + Array(text.utf8))
    }

    mutating func add(_ field: Int, _ message: ProtobufMessage) {
        append(key(field, .lengthDelimited) + Self.varint(UInt64(message.count)))
        for piece in message.pieces {
            if case .bytes(let bytes) = piece { append(bytes) } else { pieces.append(piece) }
        }
        count += message.matrixBytes
    }

    /// A matrix's elements as bytes.
    mutating func add(_ field: Int, _ matrix: Matrix) {
        append(key(field, .lengthDelimited) + Self.varint(UInt64(matrix.bytes)))
        pieces.append(.matrix(matrix))
        count += matrix.bytes
    }

    private var matrixBytes: Int {
        pieces.reduce(0) { if case .matrix(let matrix) = $1 { $0 + matrix.bytes } else { $0 } }
    }

    private func key(_ field: Int, _ wire: Wire) -> [UInt8] {
        Self.varint(UInt64(field) << 3 | wire.rawValue)
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private static func varint(_ value: UInt64) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private mutating func append(_ bytes: [UInt8]) {
        count += bytes.count
        // Taken out first, so that what is there already is not copied.
        guard case .bytes(var last) = pieces.last else { return pieces.append(.bytes(bytes)) }
        pieces.removeLast()
        last += bytes
        pieces.append(.bytes(last))
    }
}

extension Matrix {
    var bytes: Int { count * MemoryLayout<Float>.stride }
}
