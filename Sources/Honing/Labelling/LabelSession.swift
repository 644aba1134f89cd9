/// A person at the queue: keys go in, labels come out. The last label is held back until the next one, so that it
/// can be taken back; what was handed out is on its way to the disk and stays.
public struct LabelSession: Sendable {
    public let queue: LabelQueue
    /// The place of the item that is shown; behind the last one only an undo is left.
    public private(set) var place = 0
    public private(set) var isOver: Bool
    private var held: (label: GivenLabel, place: Int)?

    /// What a key did.
    public enum Effect: Sendable, Equatable {
        /// There is another item to show.
        case moved
        /// A label is certain now.
        case given(GivenLabel)
        /// The key means nothing here.
        case unknown
    }

    /// Keys of labels, in their order: digits, then letters that mean nothing else.
    public static let keys = Array("123456789abcdefghijklmnoprtvwxyz")

    /// - Returns: nil where there are more labels than keys.
    public init?(_ queue: LabelQueue) {
        guard queue.labels.count <= Self.keys.count else { return nil }
        self.queue = queue
        isOver = queue.items.isEmpty
    }

    public var item: LabelQueue.Item? {
        queue.items.indices.contains(place) && !isOver ? queue.items[place] : nil
    }

    /// Takes a key: one of a label, `s` to skip, `u` to undo, `q` to quit. Behind the last item all but `u` end it.
    public mutating func press(_ key: Character) -> [Effect] {
        guard !isOver else { return [.unknown] }
        if key == "u" { return undo() }
        guard key != "q", let item else { return end() }
        if key == "s" { return move() }
        guard let index = Self.keys.firstIndex(of: key), index < queue.labels.count else { return [.unknown] }
        let before = release()
        held = (GivenLabel(item: item, label: queue.labels[index]), place)
        return before + move()
    }

    /// Ends it; what was held is certain.
    public mutating func end() -> [Effect] {
        isOver = true
        return release()
    }

    private mutating func undo() -> [Effect] {
        guard let held else { return [.unknown] }
        place = held.place
        self.held = nil
        return [.moved]
    }

    private mutating func release() -> [Effect] {
        defer { held = nil }
        return held.map { [.given($0.label)] } ?? []
    }

    private mutating func move() -> [Effect] {
        place += 1
        // Nothing to take back, nothing to show: a skip of the last item.
        if place == queue.items.count, held == nil { isOver = true }
        return [.moved]
    }
}
