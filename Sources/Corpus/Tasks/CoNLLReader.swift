/// Reads sentences whose words stand one a line, their tag last, with an empty line after each sentence:
/// the form of the CoNLL shared tasks (Tjong Kim Sang and De Meulder,
/// [arXiv:cs/0306050](https://arxiv.org/abs/cs/0306050)).
///
/// Columns are parted by tabs or, in a line without one, by spaces; what stands between the first and the
/// last is not looked at. A sentence that cannot be used costs that sentence and no other. `I-` where no
/// entity goes on begins one: so the older form, in which `B-` only parts neighbours, becomes BIO.
struct CoNLLReader {
    private let limits: RowLimits
    private var splitter: RecordSplitter
    private var sentences = 0
    private var sentence = Sentence()

    private struct Sentence {
        var line = 0
        var source: [UInt8] = []
        var words: [String] = []
        var tags: [String] = []
        /// The first thing that is wrong with it.
        var problem: ReadRow?
        var isEmpty: Bool { words.isEmpty && problem == nil }
    }

    init(limits: RowLimits) {
        self.limits = limits
        splitter = RecordSplitter(respectsQuotes: false, maximumBytes: limits.maximumRowBytes)
    }

    /// Takes the next chunk in, and hands each sentence out that ends in it.
    mutating func feed(_ bytes: Span<UInt8>, _ emit: (ReadRow) -> Void) {
        var lines: [RecordSplitter.Record] = []
        splitter.feed(bytes) { lines.append($0) }
        for line in lines { take(line, emit) }
    }

    /// Hands out a last sentence.
    mutating func finish(_ emit: (ReadRow) -> Void) {
        var lines: [RecordSplitter.Record] = []
        splitter.finish { lines.append($0) }
        for line in lines { take(line, emit) }
        endSentence(emit)
    }

    private mutating func take(_ record: RecordSplitter.Record, _ emit: (ReadRow) -> Void) {
        switch record {
        case .tooLong(let head, let line):
            refuse(line, "the line is longer than \(limits.maximumRowBytes) bytes", head)
        case .whole(var bytes, let line):
            if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return endSentence(emit) }
            if sentence.source.isEmpty { sentence.line = line }
            sentence.source += bytes + [UInt8(ascii: "\n")]
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return refuse(line, "the line is not valid UTF-8: save the file as UTF-8", bytes)
            }
            if text.hasPrefix("-DOCSTART-") { return }
            // A comment is told from a word by its place and its form: "#" is a word of many a tweet.
            if sentence.isEmpty, text.hasPrefix("# "), text.contains(" = ") { return }
            do { try take(columns: text) } catch { refuse(line, error.reason, bytes) }
        }
    }

    private mutating func take(columns text: String) throws(RowProblem) {
        let columns =
            text.utf8.contains(0x09)
            ? text.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmingSpace }
            : text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard columns.count >= 2, let tag = columns.last else {
            throw RowProblem("the line has one column: a word and its tag belong there, with a tab between")
        }
        try NamedEntities.check(tag: tag)
        // What was nothing but white space is no word.
        guard try NamedEntities.isWord(columns[0], tag: tag) else { return }
        sentence.words.append(columns[0])
        sentence.tags.append(tag)
    }

    private mutating func refuse(_ line: Int, _ reason: String, _ bytes: [UInt8]) {
        guard sentence.problem == nil else { return }
        sentence.problem = ReadRow(line: line, source: bytes, reason: reason)
    }

    private mutating func endSentence(_ emit: (ReadRow) -> Void) {
        defer { sentence = Sentence() }
        if let problem = sentence.problem { return emit(problem) }
        guard !sentence.words.isEmpty, sentences < limits.maximumRows else { return }
        sentences += 1
        let example = Example(
            text: sentence.words.joined(separator: " "),
            target: .tags(NamedEntities.begun(sentence.tags)))
        emit(ReadRow(line: sentence.line, source: sentence.source, example))
    }
}

extension RejectedRow {
    init(line: Int, reason: String, excerptOf bytes: [UInt8]) {
        let excerpt = String(String(decoding: bytes.prefix(800), as: UTF8.self).prefix(200))
        self.init(line: line, reason: reason, excerpt: excerpt)
    }
}
