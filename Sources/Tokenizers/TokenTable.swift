/// Tokens by their bytes: open addressing over one block, no allocation and one cache miss a look-up.
///
/// The hash of a prefix is carried on byte by byte: one pass over a word gives those of all its prefixes.
/// Collisions are told apart by the bytes.
struct TokenTable: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64 = 0
        var start: Int32 = 0
        var length: Int32 = 0
        /// −1 where the slot is empty.
        var id: Int32 = -1
    }

    private var slots: [Slot]
    private var bytes: [UInt8] = []
    private let mask: Int

    /// FNV-1a, carried on by one byte.
    static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    static let emptyHash: UInt64 = 0xcbf2_9ce4_8422_2325

    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        unsafe bytes.reduce(emptyHash) { hash($0, $1) }
    }

    init(_ entries: [([UInt8], Int32)]) {
        var size = 16
        while size < entries.count * 2 { size *= 2 }
        mask = size - 1
        slots = [Slot](repeating: Slot(), count: size)
        for (token, id) in entries {
            let hash = token.reduce(Self.emptyHash) { Self.hash($0, $1) }
            var index = Self.index(hash) & mask
            while slots[index].id >= 0 { index = (index + 1) & mask }
            slots[index] = Slot(hash: hash, start: Int32(bytes.count), length: Int32(token.count), id: id)
            bytes += token
        }
    }

    private static func index(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash ^ hash >> 29) }

    func find(_ token: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int32? {
        var index = Self.index(hash) & mask
        while slots[index].id >= 0 {
            let slot = slots[index]
            if slot.hash == hash, Int(slot.length) == token.count, unsafe isEqual(slot, token) {
                return slot.id
            }
            index = (index + 1) & mask
        }
        return nil
    }

    private func isEqual(_ slot: Slot, _ token: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(slot.start)
        for i in token.indices where unsafe bytes[start + i] != token[i] { return false }
        return true
    }

    /// The id of a token.
    func id(of token: [UInt8]) -> Int32? {
        unsafe token.withUnsafeBufferPointer { unsafe find($0, Self.hash($0)) }
    }
}
