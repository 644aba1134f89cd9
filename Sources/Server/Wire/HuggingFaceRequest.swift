import Honing

/// The body of the Hugging Face paths, whatever the model's task is.
///
/// ```
/// {"inputs": "one text"}                                           {"inputs": ["first", "second"]}
/// {"inputs": {"text": "first", "text_pair": "second"}}
/// {"inputs": {"question": "Where?", "context": "in Rome"}}
/// {"inputs": "Ada in Rome", "parameters": {"aggregation_strategy": "simple"}}
/// ```
struct HuggingFaceRequest: Decodable {
    let texts: [TextInput]
    /// Whether one text was sent, and no list.
    let isSingle: Bool
    let shape: AnswerShape

    private struct Parameters: Decodable {
        var function: ScoreFunction?
        var topK: Int?
        enum CodingKeys: String, CodingKey {
            case function = "function_to_apply"
            case topK = "top_k"
        }
    }

    private struct TaggingParameters: Decodable {
        var aggregation: String?
        enum CodingKeys: String, CodingKey {
            case aggregation = "aggregation_strategy"
        }
    }

    enum CodingKeys: String, CodingKey { case inputs, parameters }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try? fields.decode(String.self, forKey: .inputs) {
            (texts, isSingle) = ([TextInput(text: text)], true)
        } else if let many = try? fields.decode([String].self, forKey: .inputs) {
            (texts, isSingle) = (many.map { TextInput(text: $0) }, false)
        } else if let pair = try? fields.decode(Pair.self, forKey: .inputs) {
            (texts, isSingle) = ([pair.input], true)
        } else if let pairs = try? fields.decode([Pair].self, forKey: .inputs) {
            (texts, isSingle) = (pairs.map(\.input), false)
        } else {
            throw ErrorResponse.validation(
                "\"inputs\" must be a text, an array of texts, {\"text\", \"text_pair\"}, or "
                    + "{\"question\", \"context\"}")
        }
        let parameters = try? fields.decodeIfPresent(Parameters.self, forKey: .parameters)
        shape = AnswerShape(
            function: parameters?.function, top: parameters?.topK, aggregation: try Self.aggregation(fields))
        if let top = shape.top, top < 1 { throw ErrorResponse.validation("\"top_k\" must be at least 1") }
    }

    private static func aggregation(
        _ fields: KeyedDecodingContainer<CodingKeys>
    ) throws -> AnswerShape.Aggregation? {
        let parameters = try? fields.decodeIfPresent(TaggingParameters.self, forKey: .parameters)
        guard let name = parameters?.aggregation else { return nil }
        guard let aggregation = AnswerShape.Aggregation(rawValue: name) else {
            throw ErrorResponse.validation(
                "\"aggregation_strategy\" must be \"simple\", \"first\" or \"none\", not \"\(name.prefix(40))\": "
                    + "a word's tag is that of its first piece, so that there is nothing else to take the mean "
                    + "or the best of")
        }
        return aggregation
    }

    /// Two texts that belong together, by either of their names.
    private struct Pair: Decodable {
        let input: TextInput

        enum CodingKeys: String, CodingKey {
            case text, question, context
            case pair = "text_pair"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            if let question = try fields.decodeIfPresent(String.self, forKey: .question) {
                let context = try fields.decode(String.self, forKey: .context)
                input = TextInput(text: question, pair: context, isQuestion: true)
            } else {
                input = TextInput(
                    text: try fields.decode(String.self, forKey: .text),
                    pair: try fields.decodeIfPresent(String.self, forKey: .pair))
            }
        }
    }
}
