import Corpus

/// What is wrong with a file of rows, and what might be: `hone data validate`.
public struct DataFindings: Codable, Sendable, Equatable {
    public var file: String
    public var rows: Int
    /// Errors first.
    public var findings: [Finding] = []

    public struct Finding: Codable, Sendable, Equatable {
        public enum Severity: String, Codable, Sendable {
            /// The rows are not learned from, or what is measured on them would be false.
            case error
            /// They can be learned from; whoever made them should look.
            case warning
        }

        public var severity: Severity
        /// What it is, in a word for scripts.
        public var name: String
        public var count: Int
        /// What is counted, and what to do.
        public var sentence: String
        /// Where the first of them are.
        public var lines: [Int]
    }

    public var errors: Int { findings.count { $0.severity == .error } }

    /// Weighs what was counted.
    ///
    /// - Parameter isStrict: whether what might be wrong is.
    public init(_ inspection: DataInspection, isStrict: Bool = false) {
        file = inspection.file
        rows = inspection.rows
        addErrors(inspection)
        addWarnings(inspection, as: isStrict ? .error : .warning)
    }

    private mutating func add(
        _ severity: Finding.Severity, _ name: String, _ count: Int, _ sentence: String, _ lines: [Int] = []
    ) {
        guard count > 0 else { return }
        findings.append(
            Finding(severity: severity, name: name, count: count, sentence: sentence, lines: lines))
    }

    private mutating func addErrors(_ it: DataInspection) {
        add(
            .error, "encoding", it.encoding.invalid,
            "rows that cannot be read: the file \(it.encoding.remedy ?? "is not UTF-8")")
        let first = it.firstRejected.first.map { ", such as line \($0.line): \($0.reason)" } ?? ""
        add(
            .error, "rejected", it.rejected - it.encoding.invalid, "rows that cannot be used\(first)",
            it.firstRejected.map(\.line))
        if it.rows == it.unlabelled {
            add(.error, "no-target", max(1, it.rows), "rows, of which none says what is true of its text")
        }
        if it.task == .textClassification, it.labelCount == 1, let only = it.labels.first {
            add(
                .error, "one-label", only.count,
                "rows, all with the label \"\(only.label)\": at least two are needed to tell apart")
        }
        if let leaks = it.leaks {
            add(
                .error, "leak", leaks.exact + leaks.near,
                "rows that are in \(leaks.file) too, \(grouped(leaks.near)) of them nearly: what one side learned "
                    + "would be asked on the other; `hone data dedupe --against` takes them out",
                leaks.first.map(\.line))
        }
        if let doubts = it.doubts {
            add(
                .error, "unknown-label", doubts.unknownLabels,
                "rows with a label that the model does not know")
        }
    }

    private mutating func addWarnings(_ it: DataInspection, as severity: Finding.Severity) {
        let repeats = it.repetitions
        func lines(_ isWanted: (Repetition) -> Bool) -> [Int] {
            repeats.first.filter { isWanted($0.of) }.map(\.line)
        }
        if it.rows > it.unlabelled {
            add(severity, "unlabelled", it.unlabelled, "rows that say nothing about their text")
        }
        add(
            severity, "contradiction", repeats.contradicting,
            "rows that say another thing about a text that was there before",
            lines { $0.isExact && !$0.hasSameTarget })
        add(
            severity, "duplicate", repeats.exact,
            "rows that were there before: `hone data dedupe` takes them out",
            lines { $0.isExact && $0.hasSameTarget })
        add(
            severity, "near-duplicate", repeats.near, "texts that are nearly the same as one before",
            lines { !$0.isExact })
        add(
            severity, "garbled", it.encoding.garbled,
            "texts that look like UTF-8 that was once taken for Latin-1, with \"Ã©\" for \"é\"")
        add(
            severity, "replaced", it.encoding.replaced,
            "texts with U+FFFD, which stands for letters that were lost")
        if let longer = it.lengths.longer, let limit = it.lengths.limit {
            add(severity, "too-long", longer, "texts that are cut at the model's \(limit) tokens")
        }
        let rare = it.labels.filter { $0.count < 10 }
        if it.task == .textClassification, it.labelCount <= 100 {
            let some = rare.prefix(5).map { "\"\($0.label)\" \($0.count)" }.joined(separator: ", ")
            add(severity, "rare-label", rare.count, "labels with fewer than ten rows: \(some)")
        }
        if let doubts = it.doubts {
            add(
                severity, "doubtful-label", doubts.contradicted,
                "rows, of \(grouped(doubts.asked)) that the model was asked about, where it is at least "
                    + "\(percent(doubts.confidence)) sure of another label: "
                    + (doubts.areSlips
                        ? "it is right as often as it promises, so look at these labels"
                        : "that is more often than it promises, so it may be the one that is wrong"),
                doubts.first.map(\.line))
        }
    }

    /// A line for each finding, and a last one with the verdict.
    public var text: String {
        let lines = findings.map { finding in
            let first = finding.lines.prefix(5).map(String.init).joined(separator: ", ")
            let place = first.isEmpty ? "" : " (line \(first)\(finding.lines.count > 5 ? ", …" : ""))"
            return "\(finding.severity.rawValue.rightPadded(to: 8))\(finding.name.rightPadded(to: 16))"
                + "\(grouped(finding.count).leftPadded(to: 9))  \(finding.sentence.printable)\(place)"
        }
        let warnings = findings.count - errors
        let verdict =
            if errors > 0 {
                "\(counted(errors, "kind")) of errors, \(counted(warnings, "kind")) of warnings"
            } else {
                warnings > 0 ? "no errors, \(counted(warnings, "kind")) of warnings" : "nothing is wrong"
            }
        return (lines + ["\(file): \(counted(rows, "row")), \(verdict)"]).joined(separator: "\n")
    }
}
