/// The answers to a question as rows and files tell them.
enum Questions {
    /// The answers of a row: a list of `{"text", "start"}` (SQuAD says `answer_start`), or the two lists
    /// side by side that data sets on the hub have.
    ///
    /// - Returns: none where the row says that there is none; `nil` where it says nothing.
    /// - Throws: where an answer does not stand in the text.
    static func answers(in row: JSONValue, context: String) throws(RowProblem) -> [Target.Answer]? {
        if case .bool(true) = row.value(at: "is_impossible") { return [] }
        guard let value = row.value(at: "answers"), value != .null else { return nil }
        var answers: [Target.Answer] = []
        switch value {
        case .array(let elements):
            for element in elements { answers.append(try answer(element, context)) }
        case .object(let lists):
            guard let texts = lists["text"]?.elements, let starts = lists["answer_start"]?.elements,
                texts.count == starts.count
            else {
                throw RowProblem("\"answers\" needs two lists of one length, \"text\" and \"answer_start\"")
            }
            for (text, start) in zip(texts, starts) {
                answers.append(try answer(.object(["text": text, "start": start]), context))
            }
        default: throw RowProblem("\"answers\" must be a list of answers with \"text\" and \"start\"")
        }
        return answers
    }

    private static func answer(_ value: JSONValue, _ context: String) throws(RowProblem) -> Target.Answer {
        guard let text = value.value(at: "text")?.text, !text.isEmpty,
            let start = (value.value(at: "answer_start") ?? value.value(at: "start"))?.whole
        else { throw RowProblem("an answer needs \"text\" and \"start\"") }
        let answer = Target.Answer(text: text, start: start)
        try check(answer, in: context)
        return answer
    }

    /// - Throws: where an answer does not stand in the text.
    static func check(_ answer: Target.Answer, in context: String) throws(RowProblem) {
        let (text, start) = (answer.text, answer.start)
        let scalars = context.unicodeScalars
        let wanted = Array(text.unicodeScalars)
        guard !wanted.isEmpty else { throw RowProblem("an answer needs \"text\" and \"start\"") }
        guard start >= 0, start <= scalars.count - wanted.count,
            scalars.dropFirst(start).prefix(wanted.count).elementsEqual(wanted)
        else {
            let place = context.firstRange(of: text).map {
                scalars.distance(from: scalars.startIndex, to: $0.lowerBound)
            }
            throw RowProblem(
                "the answer \"\(text.prefix(40))\" does not stand at \(start) of its text"
                    + (place.map { ", but at \($0): starts count Unicode scalars from 0" }
                        ?? ", nor anywhere else in it"))
        }
    }
}
