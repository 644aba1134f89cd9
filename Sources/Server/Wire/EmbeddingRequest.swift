import FoundationEssentials
import Honing

/// The body of `POST /embed`, as text-embeddings-inference takes it, with `pooling` of our own.
///
/// ```
/// {"inputs": "one text"}                          → [[0.1, …]]
/// {"inputs": ["first", "second"], "pooling": "cls"} → [[0.1, …], [0.2, …]]
/// ```
struct EmbedRequest: Decodable {
    let texts: [String]
    let shape: EmbeddingShape

    enum CodingKeys: String, CodingKey { case inputs, normalize, truncate, dimensions, pooling }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        texts = try fields.texts(.inputs)
        var shape = EmbeddingShape()
        shape.isNormalized = try fields.decodeIfPresent(Bool.self, forKey: .normalize) ?? true
        shape.truncates = try fields.decodeIfPresent(Bool.self, forKey: .truncate) ?? true
        shape.dimensions = try fields.decodeIfPresent(Int.self, forKey: .dimensions)
        try shape.takePooling(of: fields, .pooling)
        self.shape = shape
    }
}

/// The body of `POST /v1/embeddings`, as OpenAI takes it, with `pooling` of our own.
struct OpenAIEmbeddingRequest: Decodable {
    let texts: [String]
    let shape: EmbeddingShape
    let format: Format

    enum Format: String, Decodable { case float, base64 }

    enum CodingKeys: String, CodingKey {
        case input, dimensions, pooling
        case format = "encoding_format"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        texts = try fields.texts(.input)
        format = try fields.decodeIfPresent(Format.self, forKey: .format) ?? .float
        var shape = EmbeddingShape()
        shape.dimensions = try fields.decodeIfPresent(Int.self, forKey: .dimensions)
        try shape.takePooling(of: fields, .pooling)
        self.shape = shape
    }
}

extension EmbeddingShape {
    fileprivate mutating func takePooling<Key: CodingKey>(
        of fields: KeyedDecodingContainer<Key>, _ key: Key
    ) throws {
        guard let name = try fields.decodeIfPresent(String.self, forKey: key) else { return }
        guard pool(by: name) else {
            throw ErrorResponse.validation(
                "\"pooling\" must be \"mean\" or \"cls\", not \"\(name.prefix(40))\"")
        }
    }
}

extension KeyedDecodingContainer {
    /// One text or several.
    fileprivate func texts(_ key: Key) throws -> [String] {
        if let text = try? decode(String.self, forKey: key) { return [text] }
        if let texts = try? decode([String].self, forKey: key) { return texts }
        throw ErrorResponse.validation(
            "\"\(key.stringValue)\" must be a text or an array of texts: token ids of another vocabulary mean "
                + "nothing to this model")
    }
}

/// The answer of `POST /v1/embeddings`.
struct OpenAIEmbeddings: Encodable {
    struct Item: Encodable {
        var object = "embedding"
        var index: Int
        var embedding: Vector
    }

    struct Usage: Encodable {
        var prompt_tokens: Int
        var total_tokens: Int
    }

    /// Numbers, or the base64 of their bytes: 32-bit, the lowest byte first.
    enum Vector: Encodable {
        case numbers([Float])
        case bytes(Data)

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .numbers(let numbers): try value.encode(numbers)
            case .bytes(let bytes): try value.encode(bytes.base64EncodedString())
            }
        }
    }

    var object = "list"
    var data: [Item]
    var model: String
    var usage: Usage

    init(_ reply: EmbeddingReply, _ format: OpenAIEmbeddingRequest.Format, model: String) {
        data = reply.vectors.enumerated().map { index, vector in
            Item(index: index, embedding: Vector(vector, format))
        }
        self.model = model
        usage = Usage(prompt_tokens: reply.tokens, total_tokens: reply.tokens)
    }
}

extension OpenAIEmbeddings.Vector {
    fileprivate init(_ vector: [Float], _ format: OpenAIEmbeddingRequest.Format) {
        switch format {
        case .float:
            self = .numbers(vector)
        case .base64:
            var bytes = Data(capacity: 4 * vector.count)
            for number in vector {
                for shift in stride(from: UInt32(0), to: 32, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
                }
            }
            self = .bytes(bytes)
        }
    }
}
