/// All tokens and their ids, found by their bytes.
///
/// Words are looked up longest prefix first, so the hash of a prefix is carried on byte by byte: one
/// pass over a word gives the hashes of all its prefixes. Collisions are told apart by the bytes.
public struct Vocabulary: Sendable {
    /// By id.
    public let tokens: [String]
    private let table: Table
    /// Tokens that continue a word, without their `##`.
    private let continuations: Table
    /// Tokens that are no piece of any word.
    private let outsiders: Table

    /// - Parameter outsiders: ids of tokens that words are not cut into: they were added to the
    ///   tokenizer, not to its model.
    public init(tokens: [String], continuingPrefix: String = "##", outsiders: Set<Int32> = []) {
        self.tokens = tokens
        let all = tokens.enumerated().map { (Array($1.utf8), Int32($0)) }
        let entries = outsiders.isEmpty ? all : all.filter { !outsiders.contains($0.1) }
        let prefix = Array(continuingPrefix.utf8)
        table = Table(entries)
        self.outsiders = Table(all.filter { outsiders.contains($0.1) })
        continuations = Table(
            entries.filter { !prefix.isEmpty && $0.0.starts(with: prefix) && $0.0.count > prefix.count }
                .map { (Array($0.0.dropFirst(prefix.count)), $0.1) })
    }

    public var count: Int { tokens.count }

    /// The id of a whole token.
    public func id(of token: String) -> Int32? {
        let bytes = Array(token.utf8)
        return unsafe bytes.withUnsafeBufferPointer {
            unsafe table.find($0, Self.hash($0)) ?? outsiders.find($0, Self.hash($0))
        }
    }

    /// FNV-1a, carried on by one byte.
    static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    static let emptyHash: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        unsafe bytes.reduce(emptyHash) { hash($0, $1) }
    }

    /// The id of a piece of a word, whose hash is known.
    func piece(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64, continues: Bool) -> Int32? {
        unsafe continues ? continuations.find(bytes, hash) : table.find(bytes, hash)
    }

    /// Open addressing over one block of bytes: no allocation and one cache miss a look-up.
    private struct Table: Sendable {
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

        init(_ entries: [([UInt8], Int32)]) {
            var size = 16
            while size < entries.count * 2 { size *= 2 }
            mask = size - 1
            slots = [Slot](repeating: Slot(), count: size)
            for (token, id) in entries {
                let hash = token.reduce(Vocabulary.emptyHash) { Vocabulary.hash($0, $1) }
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
    }
}
