/// How a text, or a pair, that is too long is cut.
public struct Truncation: Sendable, Equatable {
    /// Which text is cut; `tokenizers` has the same three.
    public enum Strategy: String, Sendable {
        case longestFirst = "longest_first"
        case onlyFirst = "only_first"
        case onlySecond = "only_second"
    }

    public var strategy: Strategy
    /// In tokens, special ones included.
    public var maximumLength: Int
    /// How many tokens a window shares with the one before it.
    public var stride: Int
    /// So many windows at most: what stands behind them is left out.
    public var limit: Int

    public init(
        _ strategy: Strategy = .longestFirst, maximumLength: Int, stride: Int = 0, limit: Int = .max
    ) {
        self.strategy = strategy
        self.maximumLength = maximumLength
        self.stride = stride
        self.limit = limit
    }
}

/// Why a text cannot be cut as asked.
public enum TruncationError: Error, Equatable, CustomStringConvertible {
    case noSecondText
    /// The text that may not be cut leaves no room for the one that may.
    case noRoom(length: Int, maximumLength: Int)
    case stride(Int, room: Int)

    public var description: String {
        switch self {
        case .noSecondText: "there is no second text to cut: give a pair, or cut with only_first"
        case .noRoom(let length, let maximum):
            "the text that is not cut takes \(length) of \(maximum) tokens, special ones included, and "
                + "leaves no room for the other: shorten it or raise the maximum length"
        case .stride(let stride, let room):
            "a stride of \(stride) tokens leaves no progress in windows of \(room): make it smaller"
        }
    }
}

extension Truncation {
    /// What is left of two texts under `longest_first`: the longer one is cut first.
    static func lengths(_ a: Int, _ b: Int, room: Int) -> (Int, Int) {
        guard a + b > room else { return (a, b) }
        var short = min(a, b)
        var long = short > room ? short : max(short, room - short)
        if short + long > room {
            short = room / 2
            long = short + room % 2
        }
        return a <= b ? (short, long) : (long, short)
    }

    /// How many tokens of each text one window holds.
    ///
    /// - Parameters:
    ///   - first, second: how many tokens the texts have; `nil` where there is no pair.
    ///   - specialCount: how many special tokens stand around them.
    func lengths(
        _ first: Int, _ second: Int?, specialCount: Int
    ) throws(TruncationError) -> (Int, Int?) {
        let room = maximumLength - specialCount
        let excess = first + (second ?? 0) - room
        guard excess > 0 else { return (first, second) }
        func cut(_ length: Int, beside other: Int) throws(TruncationError) -> Int {
            guard length > excess else {
                throw .noRoom(length: other + specialCount, maximumLength: maximumLength)
            }
            return length - excess
        }
        switch strategy {
        case .onlyFirst: return (try cut(first, beside: second ?? 0), second)
        case .onlySecond:
            guard let second else { throw .noSecondText }
            return (first, try cut(second, beside: first))
        case .longestFirst:
            guard let second else { return (try cut(first, beside: 0), nil) }
            let (a, b) = Self.lengths(first, second, room: max(0, room))
            guard a > 0 || first == 0, b > 0 || second == 0 else {
                throw .noRoom(length: specialCount, maximumLength: maximumLength)
            }
            return (a, b)
        }
    }

    /// The parts of `count` tokens that windows of `length` show, from left to right.
    func windows(of count: Int, length: Int) throws(TruncationError) -> [Range<Int>] {
        guard count > length else { return [0..<count] }
        guard stride >= 0, stride < length else { throw .stride(stride, room: length) }
        var parts: [Range<Int>] = []
        var start = 0
        repeat {
            parts.append(start..<min(start + length, count))
            start += length - stride
        } while parts[parts.count - 1].upperBound < count && parts.count < limit
        return parts
    }
}
