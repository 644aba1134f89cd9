public import Corpus
import Foundation

/// A file of rows divided among sides: `hone data split`.
public struct DataSplit: Codable, Sendable, Equatable {
    public var file: String
    public var sides: [Side]
    /// Rows that cannot be used and are on no side.
    public var rejected: Int

    public struct Side: Codable, Sendable, Equatable {
        public var name: String
        public var file: String
        public var rows: Int
        /// How many rows it has of each label; of other targets than one label nothing.
        public var labels: [String: Int]
    }

    /// Divides a file. Equal texts are on one side, as are all rows of a group and all questions about a text.
    ///
    /// - Parameters:
    ///   - shares: of the sides, by their names.
    ///   - isGrouped: whether rows of one `id` stay together; the source names the column that holds it.
    ///   - folder: where a file for each side goes.
    /// - Throws: `DataError`.
    public init(
        _ file: DataFile, shares: [StratifiedSplit.Side], isGrouped: Bool, to folder: String,
        progress: (DataFile.Progress) -> Void = { _ in }
    ) throws {
        var split = StratifiedSplit(shares)
        var rejected = 0
        try file.read(progress: progress) { row in
            guard case .example(let example) = row.content else {
                rejected += 1
                return
            }
            split.note(unit: try Self.unit(example, file, row.line, isGrouped), stratum: example.stratum)
        }
        let assigned = split.assigned()
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw DataError.unwritable(folder, obstacle(error))
        }
        let paths = shares.map { "\(folder)/\($0.name).\(file.formatOfCopies.rawValue)" }
        var sinks = try paths.map { try RowSink($0) }
        defer { sinks.forEach { $0.abandon() } }
        var labels = [[String: Int]](repeating: [:], count: shares.count)
        try file.read(progress: progress) { header in
            for index in sinks.indices { try sinks[index].write(file.copiedHeader(header)) }
        } _: { row in
            guard case .example(let example) = row.content else { return }
            guard let side = assigned[try Self.unit(example, file, row.line, isGrouped)] else { return }
            try sinks[side].write(row: file.copy(of: row, example))
            if let label = example.label { labels[side][label, default: 0] += 1 }
        }
        for index in sinks.indices { try sinks[index].finish() }
        self.file = file.name
        self.rejected = rejected
        sides = shares.indices.map {
            Side(name: shares[$0].name, file: paths[$0], rows: sinks[$0].rows, labels: labels[$0])
        }
    }

    /// The hash of what must not be torn apart.
    private static func unit(
        _ example: Example, _ file: DataFile, _ line: Int, _ isGrouped: Bool
    ) throws -> UInt64 {
        guard isGrouped else {
            return file.task == .questionAnswering
                ? ContentHash.key(of: example.pair) : ContentHash.key(of: example.text, example.pair)
        }
        guard let group = example.id else {
            throw DataError.unwritableRow(
                file.name, line: line, "the row has nothing in the column of the group")
        }
        return ContentHash.key(of: group)
    }

    /// The sides for a terminal.
    public var text: String {
        let total = Double(max(1, sides.reduce(0) { $0 + $1.rows }))
        let lines = sides.map { side in
            let names = side.labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let labels = names.prefix(4).map { name, count in
                "\(name.printable) \(percent(Double(count) / Double(max(1, side.rows))))"
            }
            return "\(side.name.rightPadded(to: 12))\(grouped(side.rows).leftPadded(to: 10))"
                + percent(Double(side.rows) / total).leftPadded(to: 9) + "  \(side.file)"
                + (labels.isEmpty
                    ? "" : "  \(labels.joined(separator: ", "))" + (names.count > 4 ? ", …" : ""))
        }
        return (lines + (rejected > 0 ? ["left out    \(grouped(rejected).leftPadded(to: 10))"] : []))
            .joined(separator: "\n")
    }
}

extension Example {
    /// What every side of a split gets its share of.
    fileprivate var stratum: String {
        switch target {
        case .label(let name): name
        case .labels(let names): names.sorted().joined(separator: "\u{1F}")
        case .answers(let answers): answers.isEmpty ? "without" : "with"
        case nil, .score, .tags, .spans, .continuation: ""
        }
    }
}
