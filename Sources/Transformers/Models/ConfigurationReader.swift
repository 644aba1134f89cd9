import Corpus

/// Takes values out of a parsed `config.json`, and says which key is wrong.
struct ConfigurationReader {
    let file: String
    let raw: [String: JSONValue]
    let family: ModelFamily

    /// - Throws: `CheckpointError` where the network is none that is supported.
    init(file: String, raw: [String: JSONValue]) throws(CheckpointError) {
        self.file = file
        self.raw = raw
        let name = raw["model_type"] ?? .string(ModelFamily.bert.name)
        guard
            let family = ModelFamily.all.first(where: {
                name == .string($0.name) || name == .null && $0 == .bert
            })
        else {
            let known = ModelFamily.all.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw .badConfiguration(
                file: file, reason: "\"model_type\" is \(Self.told(name)); supported are \(known)")
        }
        self.family = family
        try refuseOtherArchitectures()
    }

    func bad(_ reason: String) -> CheckpointError { .badConfiguration(file: file, reason: reason) }

    /// - Parameter key: BERT's.
    func number(
        _ key: String, _ range: ClosedRange<Double>, default: Double? = nil
    ) throws(CheckpointError) -> Double {
        let own = family.keys[key] ?? key
        guard let value = raw[own] else {
            guard let fallback = family.defaults[key] ?? `default` else { throw bad("\"\(own)\" is missing") }
            return fallback
        }
        guard case .number(let found) = value, range.contains(found) else {
            throw bad("\"\(own)\" must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return found
    }

    /// - Parameter key: BERT's.
    func integer(
        _ key: String, _ range: ClosedRange<Int>, default: Int? = nil
    ) throws(CheckpointError) -> Int {
        let own = family.keys[key] ?? key
        let fallback = family.defaults[key].map { Int($0) } ?? `default`
        let found = raw[own]
        if let fallback, found == nil || found == .null { return fallback }
        guard let value = found else { throw bad("\"\(own)\" is missing") }
        guard case .number(let found) = value, let whole = Int(exactly: found), range.contains(whole) else {
            throw bad("\"\(own)\" must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    /// A network that is not quite one of the family would load and answer nonsense.
    private func refuseOtherArchitectures() throws(CheckpointError) {
        for (key, supported) in family.required.sorted(by: { $0.key < $1.key }) {
            guard let value = raw[key], value != .null, value != supported else { continue }
            throw bad("\"\(key)\" is \(Self.told(value)); only \(Self.told(supported)) is supported")
        }
        for key in ["is_decoder", "add_cross_attention"] where raw[key] == .bool(true) {
            throw bad("\"\(key)\" is true; only encoders are supported")
        }
    }

    private static func told(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): "\"\(text)\""
        case .bool(let flag): "\(flag)"
        case .null, .number, .array, .object: "what it holds"
        }
    }

    /// What the model is for, by the class that wrote it and its `problem_type`.
    func task() throws(CheckpointError) -> TaskKind {
        let name = raw["architectures"]?.elements?.first?.text ?? ""
        if name.hasSuffix("ForTokenClassification") { return .tokenClassification }
        if name.hasSuffix("ForQuestionAnswering") { return .questionAnswering }
        if family.isDecoder { return .textGeneration }
        switch raw["problem_type"] {
        case nil, .null, .string("single_label_classification"): return .textClassification
        case .string("multi_label_classification"): return .multiLabelClassification
        case .string("regression"): return .scoring
        case .some(let value):
            throw bad("\"problem_type\" is \(Self.told(value)), which is none of transformers'")
        }
    }

    /// `{"0": "negative", "1": "positive"}` in the order of the numbers; without it LABEL_0, LABEL_1 …
    /// as `transformers` names them.
    func labels(outputs: Int) throws(CheckpointError) -> LabelSet {
        guard outputs > 0 else { return LabelSet(names: []) }
        guard let members = raw["id2label"]?.members else {
            return LabelSet(names: (0..<outputs).map { "LABEL_\($0)" })
        }
        let names = members.compactMap { key, value in
            Int(key).flatMap { index in value.text.map { (index, $0) } }
        }
        .sorted { $0.0 < $1.0 }
        guard names.count == members.count, names.map(\.0) == Array(names.indices),
            Set(names.map(\.1)).count == names.count
        else { throw bad("\"id2label\" does not number different labels from 0") }
        guard names.count == outputs else {
            throw bad("\"id2label\" names \(names.count) labels, the classifier has \(outputs) outputs")
        }
        return LabelSet(names: names.map(\.1))
    }
}
