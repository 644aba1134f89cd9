public import Corpus

/// What a row says once more.
public struct Repetition: Codable, Sendable, Equatable {
    /// The line of the row that said it first.
    public var line: Int
    /// Whether that one stands in the other file.
    public var isInOther: Bool
    /// Whether the texts are equal, and not nearly so.
    public var isExact: Bool
    /// Jaccard's index of the two texts.
    public var similarity: Double
    /// Whether the same is said of both.
    public var hasSameTarget: Bool
}

/// Finds rows that repeat rows before them, or rows of another file, in two readings of each.
///
/// A row that repeats nothing is compared with later ones; one that does is not, so that of many which are
/// nearly the same the first stands for all.
public struct DuplicateScan {
    private let file: DataFile
    private let other: DataFile?
    private let progress: (DataFile.Progress) -> Void
    /// Of near duplicates; `nil` where only equal texts are looked for.
    private var links: NearDuplicateLinks?
    /// The first row that has a text, and the first that says the same of it.
    private var texts: [UInt64: Place] = [:]
    private var rows: [UInt64: Place] = [:]
    /// Of the texts that are compared, by their number.
    private var compared: [Int: (place: Place, target: UInt64)] = [:]
    private var number = 0

    fileprivate struct Place {
        var line: Int32
        var isInOther: Bool
    }

    /// - Parameter threshold: from which Jaccard's index on two texts are nearly the same.
    public init(
        _ file: DataFile, against other: DataFile? = nil, threshold: Double?,
        progress: @escaping (DataFile.Progress) -> Void = { _ in }
    ) {
        self.file = file
        self.other = other
        self.progress = progress
        links = threshold.map { NearDuplicateLinks(threshold: $0) }
    }

    /// Reads the files twice.
    ///
    /// - Parameters:
    ///   - first: each row of the file, as it is read first.
    ///   - second: each row once more, and what it repeats.
    public mutating func run(
        first: (ReadRow) throws -> Void = { _ in },
        header: ([UInt8]) throws -> Void = { _ in },
        second: (ReadRow, Repetition?) throws -> Void
    ) throws {
        if let other { try other.read(progress: progress) { note($0) } }
        try file.read(progress: progress) { row in
            note(row)
            try first(row)
        }
        links?.link()
        if let other { try other.read(progress: progress) { _ = repetition($0, isInOther: true) } }
        try file.read(progress: progress, header: header) { row in
            try second(row, repetition(row, isInOther: false))
        }
    }

    private mutating func note(_ row: ReadRow) {
        guard links != nil, case .example(let example) = row.content else { return }
        links?.note(.init(of: example.text, pair: example.pair))
    }

    private mutating func repetition(_ row: ReadRow, isInOther: Bool) -> Repetition? {
        guard case .example(let example) = row.content else { return nil }
        defer { number += 1 }
        let text = ContentHash.key(of: example.text, example.pair)
        let whole = ContentHash.key(of: example)
        let place = Place(line: Int32(clamping: row.line), isInOther: isInOther)
        if let same = rows[whole] { return same.equal(hasSameTarget: true) }
        rows[whole] = place
        if let same = texts[text] { return same.equal(hasSameTarget: false) }
        texts[text] = place
        guard links?.isLinked(number) == true else { return nil }
        let shingles = Shingles(of: example.text, pair: example.pair)
        if !isInOther, let match = links?.match(number, shingles), let found = compared[match.number] {
            let target = ContentHash.key(ofTargetOf: example)
            return Repetition(
                line: Int(found.place.line), isInOther: found.place.isInOther, isExact: false,
                similarity: match.similarity, hasSameTarget: target == found.target)
        }
        if links?.keep(number, shingles) == true {
            compared[number] = (place, ContentHash.key(ofTargetOf: example))
        }
        return nil
    }
}

extension DuplicateScan.Place {
    fileprivate func equal(hasSameTarget: Bool) -> Repetition {
        Repetition(
            line: Int(line), isInOther: isInOther, isExact: true, similarity: 1,
            hasSameTarget: hasSameTarget)
    }
}
