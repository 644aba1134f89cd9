/// How a file of rows is written down.
public enum DataFormat: String, Sendable, Codable, CaseIterable {
    /// One JSON object a line.
    case jsonLines = "jsonl"
    case csv
    case tsv
    /// A word and its tag a line, an empty line after each sentence.
    case conll
    /// SQuAD's one object of articles, paragraphs and questions.
    case squad
    /// A text a line, of which nothing is known.
    case text

    /// By the end of a file's name. `.jsonl` is JSON Lines for every task, `.csv` and `.tsv` have a header.
    /// Tags also come as CoNLL (`.conll`, `.bio`, `.txt` …), questions as SQuAD (`.json`).
    ///
    /// - Returns: `nil` where the name says nothing.
    public init?(ofFile name: String, for task: TaskKind) {
        let name = name.lowercased()
        func ends(_ endings: String...) -> Bool { endings.contains { name.hasSuffix("." + $0) } }
        switch task {
        case _ where ends("jsonl", "ndjson"): self = .jsonLines
        case .tokenClassification: self = .conll
        case .questionAnswering where ends("json"): self = .squad
        case _ where ends("csv"): self = .csv
        case _ where ends("tsv"): self = .tsv
        case _ where ends("txt", "text"): self = .text
        default: return nil
        }
    }

    /// By how a file begins.
    ///
    /// - Returns: `nil` where it might be several.
    public init?(beginning bytes: [UInt8], for task: TaskKind) {
        let text = String(decoding: bytes, as: UTF8.self)
        let first = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" }
        let line = text.prefix { !$0.isNewline }
        switch first {
        case "{": self = task == .questionAnswering && text.contains("\"data\"") ? .squad : .jsonLines
        case _ where task == .tokenClassification: self = .conll
        case _ where line.contains("\t"): self = .tsv
        case _ where line.contains(","): self = .csv
        default: return nil
        }
    }

    /// Its name in a sentence.
    public var title: String {
        switch self {
        case .jsonLines: "JSON Lines"
        case .csv: "CSV"
        case .tsv: "TSV"
        case .conll: "CoNLL"
        case .squad: "SQuAD"
        case .text: "plain text"
        }
    }

    /// Its form where each row is a record by itself.
    var rows: RowFormat? {
        switch self {
        case .jsonLines: .jsonLines
        case .csv: .csv
        case .tsv: .tsv
        case .conll, .squad, .text: nil
        }
    }
}
