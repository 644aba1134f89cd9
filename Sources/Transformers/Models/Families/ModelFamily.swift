/// One kind of network as `transformers` knows it: what its `config.json` calls things, what its tensors
/// are called, and where it differs from BERT.
///
/// Families are data about one `Encoder` (and one `CausalDecoder`), not networks of their own.
public struct ModelFamily: Sendable {
    /// `model_type` in `config.json`.
    public let name: String
    /// What its classes begin with, such as `Bert` of `BertForSequenceClassification`.
    let classPrefix: String
    /// What the names of the network's tensors begin with where a head stands beside it.
    let prefix: String
    /// Its keys in `config.json` where they are not BERT's, by BERT's.
    var keys: [String: String] = [:]
    /// Values of BERT's keys that it has no key for, or other defaults than BERT's.
    var defaults: [String: Double] = [:]
    /// What some keys must say if they are there: other values mean another network.
    var required: [String: JSONValue] = [:]
    /// Parts of tensor names where they are not BERT's.
    var tensors: [(bert: String, own: String)] = []
    /// Whether its positions are numbered from behind the padding token's id.
    var startsBehindPadding = false
    var head = HeadForm()
    var maskedTokens = MaskedTokenNames()
    /// Whether a token sees only what comes before it.
    package var isDecoder = false

    /// The layer between the encoder and the classifier.
    struct HeadForm: Sendable {
        enum Activation: Sendable { case tanh, relu, gelu }

        var activation = Activation.tanh
        /// Whether dropout comes before the layer as well.
        var dropsInput = false
        /// Names of its tensors, which are not below `prefix`, by ours; empty where they are BERT's.
        var tensors: [(ours: String, own: String)] = []

        /// A dense layer and a projection, both of which belong to the classifier.
        static func own(_ activation: Activation) -> HeadForm {
            HeadForm(
                activation: activation, dropsInput: true,
                tensors: [("pooler.dense.", "classifier.dense."), ("classifier.", "classifier.out_proj.")])
        }
    }

    /// All that are supported.
    public static let all: [ModelFamily] = [
        .bert, .distilBERT, .roberta, .xlmRoberta, .electra, .mpnet, .gpt2,
    ]

    /// Its class in `transformers` for a model with a head, or without one.
    func className(_ head: String?) -> String {
        guard let head else { return classPrefix + "Model" }
        return classPrefix + (isDecoder ? "LMHeadModel" : "For" + head)
    }

    /// The name in a checkpoint of a tensor of the network, by BERT's.
    func tensorName(_ name: String, prefix: String) -> String {
        var name = name
        for (bert, own) in tensors {
            guard let place = name.firstRange(of: bert) else { continue }
            name.replaceSubrange(place, with: own)
        }
        return prefix + name
    }

    /// The name of a tensor of the classification head, or `nil` if it is one of the network's.
    func headTensorName(_ name: String) -> String? {
        for (ours, own) in head.tensors where name.hasPrefix(ours) {
            return own + name.dropFirst(ours.count)
        }
        return nil
    }
}

extension ModelFamily: Equatable {
    public static func == (a: ModelFamily, b: ModelFamily) -> Bool { a.name == b.name }
}
