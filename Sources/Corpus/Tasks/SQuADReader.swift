/// Reads questions about paragraphs in the form of SQuAD 1.1 and, with questions that have no answer, 2.0
/// (<https://rajpurkar.github.io/SQuAD-explorer/>): one JSON object of articles, paragraphs and questions.
///
/// A question that cannot be used costs that question and no other.
struct SQuADReader {
    private let limits: RowLimits

    init(limits: RowLimits) {
        self.limits = limits
    }

    /// Hands out the questions of a whole file.
    func read(_ bytes: [UInt8], _ emit: (ReadRow) -> Void) {
        let file: JSONValue
        do {
            let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            file = try JSONValue(parsing: Array(bytes[start...]))
        } catch {
            return emit(ReadRow(line: 1, source: bytes, reason: "the file is not JSON: \(error.reason)"))
        }
        guard let articles = file.value(at: "data")?.elements else {
            return emit(
                ReadRow(
                    line: 1, source: bytes,
                    reason: "the file has no list \"data\" of articles, as SQuAD's has"))
        }
        var places = LineFinder(bytes)
        var questions = 0
        for article in articles {
            for paragraph in article.value(at: "paragraphs")?.elements ?? [] {
                for question in paragraph.value(at: "qas")?.elements ?? [] {
                    guard questions < limits.maximumRows else { return }
                    questions += 1
                    let id = question.value(at: "id")?.text
                    let asked = question.value(at: "question")?.text ?? ""
                    let line = places.line(of: "\"\(id ?? asked)\"")
                    do {
                        let example = try example(question, id, paragraph.value(at: "context")?.text)
                        emit(ReadRow(line: line, source: Array(asked.utf8), example))
                    } catch {
                        let name = id.map { "question \"\($0)\": " } ?? ""
                        emit(ReadRow(line: line, source: Array(asked.utf8), reason: name + error.reason))
                    }
                }
            }
        }
    }

    private func example(
        _ question: JSONValue, _ id: String?, _ context: String?
    ) throws(RowProblem) -> Example {
        guard let context, !context.trimmingSpace.isEmpty else {
            throw RowProblem("its paragraph has no \"context\"")
        }
        guard let asked = question.value(at: "question")?.text, !asked.trimmingSpace.isEmpty else {
            throw RowProblem("it has no \"question\"")
        }
        for text in [context, asked] {
            guard text.unicodeScalars.count <= limits.maximumTextScalars else {
                throw RowProblem("its text is longer than \(limits.maximumTextScalars) characters")
            }
            guard !text.utf8.contains(0) else { throw RowProblem("its text holds a NUL character") }
        }
        guard let answers = try Questions.answers(in: question, context: context) else {
            throw RowProblem("it has no \"answers\": write [] where there is none")
        }
        return Example(text: asked, pair: context, target: .answers(answers), id: id)
    }
}

/// Finds the lines of texts that stand in a file one after another.
private struct LineFinder {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The line of the next place where a text stands; of the last one where it stands nowhere.
    mutating func line(of text: String) -> Int {
        let wanted = Array(text.utf8)
        guard !wanted.isEmpty, let found = bytes[position...].firstRange(of: wanted) else { return line }
        line += bytes[position..<found.lowerBound].count { $0 == UInt8(ascii: "\n") }
        position = found.lowerBound
        return line
    }
}
