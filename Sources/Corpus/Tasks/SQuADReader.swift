/// Reads questions about paragraphs in the form of SQuAD 1.1 and, with questions that have no answer, 2.0
/// (<https://rajpurkar.github.io/SQuAD-explorer/>): one JSON object of articles, paragraphs and questions.
///
/// A question that cannot be used costs that question and no other.
struct SQuADReader {
    private let limits: RowLimits
    private(set) var examples: [Example] = []
    private(set) var rejected: [RejectedRow] = []

    init(limits: RowLimits) {
        self.limits = limits
    }

    mutating func read(_ bytes: [UInt8]) {
        let file: JSONValue
        do {
            let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            file = try JSONValue(parsing: Array(bytes[start...]))
        } catch {
            return refuse(1, "the file is not JSON: \(error.reason)", bytes)
        }
        guard let articles = file.value(at: "data")?.elements else {
            return refuse(1, "the file has no list \"data\" of articles, as SQuAD's has", bytes)
        }
        var places = LineFinder(bytes)
        for article in articles {
            for paragraph in article.value(at: "paragraphs")?.elements ?? [] {
                for question in paragraph.value(at: "qas")?.elements ?? [] {
                    guard examples.count < limits.maximumRows else { return }
                    let id = question.value(at: "id")?.text
                    do {
                        examples.append(try example(question, id, paragraph.value(at: "context")?.text))
                    } catch {
                        let name = id.map { "question \"\($0)\": " } ?? ""
                        let asked = question.value(at: "question")?.text ?? ""
                        refuse(places.line(of: "\"\(id ?? asked)\""), name + error.reason, Array(asked.utf8))
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

    private mutating func refuse(_ line: Int, _ reason: String, _ bytes: [UInt8]) {
        rejected.append(RejectedRow(line: line, reason: reason, excerptOf: bytes))
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
