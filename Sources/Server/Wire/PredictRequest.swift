import Honing

/// The body of `POST /predict`, as text-embeddings-inference takes it.
///
/// ```
/// {"inputs": "one text"}                       → [{"label", "score"}, …]
/// {"inputs": ["first", "second"]}              → one pair: [{"label", "score"}, …]
/// {"inputs": [["a text"], ["first", "second"]]} → a batch: [[…], […]]
/// ```
/// Beware: two strings in one array are a *pair* here and a *batch* on the Hugging Face paths.
struct PredictRequest: Decodable {
    let inputs: Inputs
    let rawScores: Bool

    enum Inputs {
        case single(TextInput)
        case batch([TextInput])
    }

    enum CodingKeys: String, CodingKey {
        case inputs
        case rawScores = "raw_scores"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        rawScores = try fields.decodeIfPresent(Bool.self, forKey: .rawScores) ?? false
        if let text = try? fields.decode(String.self, forKey: .inputs) {
            inputs = .single(TextInput(text: text))
        } else if let texts = try? fields.decode([String].self, forKey: .inputs) {
            inputs = .single(try Self.input(texts))
        } else if let batch = try? fields.decode([[String]].self, forKey: .inputs) {
            inputs = .batch(try batch.map(Self.input))
        } else {
            throw ErrorResponse.validation(
                "\"inputs\" must be a text, an array of one or two texts (a pair), or an array of such arrays"
            )
        }
    }

    private static func input(_ texts: [String]) throws -> TextInput {
        switch texts.count {
        case 1: TextInput(text: texts[0])
        case 2: TextInput(text: texts[0], pair: texts[1])
        default:
            throw ErrorResponse.validation(
                "an input is one text or a pair of texts, not \(texts.count): "
                    + "send a batch as [[\"first\"], [\"second\"]]")
        }
    }
}

/// The body of the Hugging Face text-classification paths.
struct HuggingFaceRequest: Decodable {
    let texts: [TextInput]
    let function: ScoreFunction
    let topK: Int?

    struct Parameters: Decodable {
        var function: ScoreFunction?
        var topK: Int?
        enum CodingKeys: String, CodingKey {
            case function = "function_to_apply"
            case topK = "top_k"
        }
    }

    enum CodingKeys: String, CodingKey { case inputs, parameters }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try? fields.decode(String.self, forKey: .inputs) {
            texts = [TextInput(text: text)]
        } else if let many = try? fields.decode([String].self, forKey: .inputs) {
            texts = many.map { TextInput(text: $0) }
        } else if let pair = try? fields.decode(Pair.self, forKey: .inputs) {
            texts = [TextInput(text: pair.text, pair: pair.pair)]
        } else {
            throw ErrorResponse.validation(
                "\"inputs\" must be a text, an array of texts, or {\"text\", \"text_pair\"}")
        }
        let parameters = try? fields.decodeIfPresent(Parameters.self, forKey: .parameters)
        function = parameters?.function ?? .softmax
        topK = parameters?.topK
        if let topK, topK < 1 { throw ErrorResponse.validation("\"top_k\" must be at least 1") }
    }

    private struct Pair: Decodable {
        let text: String
        let pair: String?
        enum CodingKeys: String, CodingKey {
            case text
            case pair = "text_pair"
        }
    }
}
