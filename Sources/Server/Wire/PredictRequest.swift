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
